package org.moelab.traces.nsys;

import org.moelab.traces.model.TrackKind;

/// Where events happened, before the timeline's tracks are made.
sealed interface Place {
    /// A row of a host thread.
    ///
    /// @param globalTid the thread
    /// @param detail what tells rows of the same kind apart: the NVTX domain, or the number of the table
    record OnThread(long globalTid, HostRow row, long detail) implements Place {}

    /// A row of a device as a process sees it.
    ///
    /// @param globalPid the process, 0 where the file does not tell
    /// @param device the GPU's id
    record OnDevice(long globalPid, int device, long context, long stream, DeviceRow row) implements Place {}

    /// The rows of a thread, from the top.
    enum HostRow {
        RANGES(TrackKind.RANGES, "NVTX"), START_END_RANGES(TrackKind.RANGES, "NVTX start/end"), API(TrackKind.API,
                "CUDA API"), BACKTRACES(TrackKind.THREAD_EVENTS, "CUDA backtraces"), LIBRARY(TrackKind.THREAD_EVENTS,
                        ""), OS_RUNTIME(TrackKind.OS_RUNTIME,
                                "OS runtime"), OVERHEAD(TrackKind.OVERHEAD, "Profiler overhead");

        private final TrackKind kind;
        private final String title;

        HostRow(TrackKind kind, String title) {
            this.kind = kind;
            this.title = title;
        }

        TrackKind kind() {
            return kind;
        }

        String title() {
            return title;
        }
    }

    /// The rows of a device, from the top.
    enum DeviceRow {
        STREAM(TrackKind.STREAM), UNIFIED_MEMORY(TrackKind.STREAM), SYNCHRONIZATION(TrackKind.SYNCHRONIZATION), MEMORY(
                TrackKind.MEMORY);

        private final TrackKind kind;

        DeviceRow(TrackKind kind) {
            this.kind = kind;
        }

        TrackKind kind() {
            return kind;
        }
    }
}
