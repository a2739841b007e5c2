package org.moelab.traces.kineto;

import org.moelab.traces.model.TrackKind;

/// The rows that events of a thread or a stream are told apart into, so that what lies on one row nests.
enum Row {
    ANNOTATIONS(TrackKind.RANGES, "Annotations", false), OPERATORS(TrackKind.OPS, "Operators", false), PYTHON(
            TrackKind.PYTHON, "Python",
            false), CALLS(TrackKind.API, "Runtime and driver calls", false), OS_RUNTIME(TrackKind.OS_RUNTIME,
                    "OS runtime", false), MEMORY(TrackKind.MEMORY, "Memory", false), OVERHEAD(TrackKind.OVERHEAD,
                            "Profiler overhead", false), EVENTS(TrackKind.THREAD_EVENTS, "Events", false),
    /// Ranges that belong to a process and may overlap.
    ASYNC(TrackKind.RANGES, "Asynchronous", false),
    /// The profiler's own session, outside any thread.
    SESSION(TrackKind.THREAD_EVENTS, "Profiler", false), DEVICE_ANNOTATIONS(TrackKind.DEVICE_RANGES, "annotations",
            true), STREAM(TrackKind.STREAM, "", true), SYNCHRONIZATION(TrackKind.SYNCHRONIZATION, "synchronization",
                    true), PROFILER_RANGES(TrackKind.DEVICE_RANGES, "profiler ranges", true);

    private final TrackKind trackKind;
    private final String title;
    private final boolean onDevice;

    Row(TrackKind trackKind, String title, boolean onDevice) {
        this.trackKind = trackKind;
        this.title = title;
        this.onDevice = onDevice;
    }

    private static final Row[] VALUES = values();

    /// The row with this ordinal, without copying the constants.
    static Row of(int ordinal) {
        return VALUES[ordinal];
    }

    TrackKind trackKind() {
        return trackKind;
    }

    /// What a person reads at the row's left, beside the thread's or stream's own name.
    String title() {
        return title;
    }

    boolean onDevice() {
        return onDevice;
    }
}
