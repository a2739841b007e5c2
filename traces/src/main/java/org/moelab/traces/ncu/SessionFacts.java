package org.moelab.traces.ncu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.ncu.proto.Device;
import org.moelab.traces.ncu.proto.DeviceAttribute;
import org.moelab.traces.ncu.proto.Machine;
import org.moelab.traces.ncu.proto.SessionDetails;
import org.moelab.traces.ncu.proto.ToolVersion;
import org.moelab.traces.ncu.proto.Value;

/// What a report tells of the session, put together from its blocks.
final class SessionFacts {
    private static final String TOOL = "Nsight Compute Target";

    private final SequencedMap<String, String> properties = new LinkedHashMap<>();
    private final Map<Integer, String> deviceNames = new TreeMap<>();
    private final Map<Integer, Map<String, String>> deviceAttributes = new TreeMap<>();
    private final Set<String> processes = new LinkedHashSet<>();
    private long createdEpochS;

    void add(SessionDetails details) {
        if (details.hasCreationTimeS()) {
            createdEpochS = details.getCreationTimeS();
        }
        Machine target = details.getTarget();
        put("host", target.getHost());
        put("operating system", (target.getOs() + " " + target.getOsVersion()).strip());
        // some systems append a dump of the processor's state to its name
        put("processor", target.getCpu().lines().findFirst().orElse(""));
        put("architecture", target.getArchitecture());
        put("profiler command", details.getProfilerCommand());
        for (ToolVersion version : details.getVersionsList()) {
            put(version.getProvider(), version.getVersion());
        }
        for (Device device : details.getDevicesList()) {
            deviceNames.merge(device.getId(), device.getName(), (old, now) -> now.isEmpty() ? old : now);
            Map<String, String> attributes = deviceAttributes.computeIfAbsent(device.getId(), _ -> new TreeMap<>());
            for (DeviceAttribute attribute : device.getAttributesList()) {
                attributes.put(attribute.getName(), text(attribute.getValue()));
            }
        }
    }

    void add(ProcessInfo process, String host) {
        if (process.pid() >= 0) {
            String at = host.isEmpty() || host.equals("127.0.0.1") ? "" : " on " + host;
            processes.add(process.name() + " (" + process.pid() + ")" + at);
        }
    }

    private void put(String key, String value) {
        if (!value.isBlank()) {
            properties.put(key, value.strip());
        }
    }

    /// The id of the device, where the session knows exactly one.
    OptionalInt soleDevice() {
        return deviceNames.size() == 1 ? OptionalInt.of(deviceNames.keySet().iterator().next()) : OptionalInt.empty();
    }

    /// @param fileVersion version of the file's layout
    RecordingInfo info(Path file, long fileVersion) {
        List<DeviceInfo> devices = new ArrayList<>();
        deviceNames.forEach((id, name) -> devices
                .add(new DeviceInfo(id, name, withCapability(deviceAttributes.getOrDefault(id, Map.of())))));
        SequencedMap<String, String> all = new LinkedHashMap<>(properties);
        if (!processes.isEmpty()) {
            all.put("processes", String.join(", ", processes));
        }
        // "2025.2.1.0 (build 35987062) (public-release)": the number is the version
        String tool = properties.getOrDefault(TOOL, "");
        String version = tool.contains(" ") ? tool.substring(0, tool.indexOf(' ')) : tool;
        OptionalLong epochNs = createdEpochS > 0 && createdEpochS < Long.MAX_VALUE / 1_000_000_000L
                ? OptionalLong.of(createdEpochS * 1_000_000_000L)
                : OptionalLong.empty();
        return new RecordingInfo(List.of(file), TraceFormat.NCU, version, Long.toString(fileVersion), epochNs, devices,
                all);
    }

    private static Map<String, String> withCapability(Map<String, String> attributes) {
        Map<String, String> all = new TreeMap<>(attributes);
        String major = attributes.getOrDefault("device__attribute_compute_capability_major", "");
        String minor = attributes.getOrDefault("device__attribute_compute_capability_minor", "");
        if (!major.isEmpty() && !minor.isEmpty()) {
            all.put("compute capability", major + "." + minor);
        }
        return all;
    }

    private static String text(Value value) {
        if (value.hasText()) {
            return value.getText();
        }
        if (value.hasFloat64()) {
            return Double.toString(value.getFloat64());
        }
        if (value.hasFloat32()) {
            return Float.toString(value.getFloat32());
        }
        return Long.toUnsignedString(
                value.hasUint32() ? Integer.toUnsignedLong(value.getUint32()) : value.getUint64());
    }
}
