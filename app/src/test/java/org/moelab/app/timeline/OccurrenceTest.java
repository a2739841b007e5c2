package org.moelab.app.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;

/// Counting by start over two streams, whose events take turns.
class OccurrenceTest {
    private final Trace trace = twoStreams();

    private static Trace twoStreams() {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(1, "app", OptionalInt.empty()));
        int[] streams = new int[2];
        for (int s = 0; s < 2; s++) {
            streams[s] = builder.track(Locus.NONE, TrackKind.STREAM, "stream " + s, Locus.stream(process, 0, 1, s), s);
        }
        int ranges = builder.track(Locus.NONE, TrackKind.RANGES, "NVTX", Locus.thread(process, 1), 2);
        EventChunk chunk = builder.chunk();
        for (int i = 0; i < 6; i++) {
            chunk.add(streams[i % 2], EventKind.KERNEL, i * 100L, 50, chunk.strings().intern("gemm"), -1, 0);
            chunk.add(streams[i % 2], EventKind.KERNEL, i * 100L + 60, 20, chunk.strings().intern("norm"), -1, 0);
        }
        chunk.add(ranges, EventKind.RANGE, 0, 1000, chunk.strings().intern("gemm"), -1, 0);
        builder.add(chunk);
        return builder.build(new RecordingInfo(List.of(Path.of("t")), TraceFormat.NSYS, "", "", OptionalLong.empty(),
                List.of(), Map.of()), ImportMonitor.NONE);
    }

    @Test
    void of_kernelsOnTwoStreams_countsByStartAndNotTheRangeOfTheName() {
        for (int e = 0; e < trace.size(); e++) {
            if (trace.kind(e) == EventKind.KERNEL && trace.name(e).equals("gemm")) {
                assertThat(Occurrence.of(trace, e))
                        .isEqualTo(new Occurrence(TrackKind.STREAM, "gemm", (int) (trace.start(e) / 100), 6));
            }
        }
    }

    @Test
    void in_itsOwnTrace_isTheEventAgain() {
        for (int e = 0; e < trace.size(); e++) {
            assertThat(Occurrence.of(trace, e).in(trace)).hasValue(e);
        }
    }

    @Test
    void in_fewerOfTheNameOrNone_isEmpty() {
        assertThat(new Occurrence(TrackKind.STREAM, "gemm", 6, 9).in(trace)).isEmpty();
        assertThat(new Occurrence(TrackKind.STREAM, "attention", 0, 1).in(trace)).isEmpty();
        assertThat(new Occurrence(TrackKind.API, "gemm", 0, 1).in(trace)).isEmpty();
    }

    @Test
    void place_isCountedFromOne() {
        assertThat(new Occurrence(TrackKind.STREAM, "gemm", 2, 1200).place()).isEqualTo("3 of 1,200");
    }
}
