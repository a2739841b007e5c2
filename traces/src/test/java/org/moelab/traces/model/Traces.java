package org.moelab.traces.model;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Small traces made for tests.
final class Traces {
    static final RecordingInfo INFO = new RecordingInfo(List.of(), TraceFormat.MOELAB, "", "", OptionalLong.empty(),
            List.of(), Map.of());

    private Traces() {
    }

    /// A builder with one process and one row of this kind, whose track id is 0.
    static TraceBuilder oneRow(TrackKind kind) {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(1, "test", OptionalInt.empty()));
        builder.track(Locus.NONE, kind, "row", Locus.thread(process, 1), 0);
        return builder;
    }

    static Trace build(TraceBuilder builder) {
        return builder.build(INFO, ImportMonitor.NONE);
    }
}
