package org.moelab.traces.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What a recording says of itself.
///
/// @param files the files it was read from: one, or one a rank
/// @param format their format
/// @param version the producing tool's version, or the empty string where the file does not tell
/// @param schema the file's schema version, or the empty string
/// @param epochNs wall-clock time of the recording's time 0 in ns since 1970 UTC, where known
/// @param devices the devices it covers
/// @param properties further facts by name, in a stable order; never the profiled process's environment
public record RecordingInfo(List<Path> files, TraceFormat format, String version, String schema, OptionalLong epochNs,
        List<DeviceInfo> devices, Map<String, String> properties) {
    public RecordingInfo {
        files = List.copyOf(files);
        devices = List.copyOf(devices);
        properties = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(properties));
    }
}
