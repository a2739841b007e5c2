package org.moelab.traces.model;

/// What a track is: a group that holds other tracks, or a row that holds events or a counter.
public enum TrackKind {
    /// Groups: they hold no events of their own.
    PROCESS, THREAD, DEVICE, CONTEXT,
    /// Rows of a host thread.
    API, RANGES, OPS, PYTHON, OS_RUNTIME, OVERHEAD, MEMORY, THREAD_EVENTS,
    /// Rows of a device.
    STREAM, DEVICE_RANGES, SYNCHRONIZATION,
    /// A row that holds a counter's samples instead of events.
    COUNTER;

    /// Whether tracks of this kind only group others.
    public boolean isGroup() {
        return switch (this) {
            case PROCESS, THREAD, DEVICE, CONTEXT -> true;
            default -> false;
        };
    }
}
