package org.moelab.traces.model;

import java.util.Map;

/// A device that a trace covers.
///
/// @param id the id that the events use
/// @param name the marketing name
/// @param properties what else the producer tells, by its own key: compute capability, memory, clocks …
public record DeviceInfo(int id, String name, Map<String, String> properties) {
    public DeviceInfo {
        properties = Map.copyOf(properties);
    }
}
