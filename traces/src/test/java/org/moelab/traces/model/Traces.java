package org.moelab.traces.model;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

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

    /// Random non-overlapping events on one stream, in shuffled order, some of no length, gaps and lengths over many
    /// magnitudes.
    static Trace randomStream(long seed, int events) {
        Random random = new Random(seed);
        TraceBuilder builder = oneRow(TrackKind.STREAM);
        EventChunk chunk = builder.chunk();
        long now = random.nextLong(1_000_000);
        long[] starts = new long[events];
        long[] durations = new long[events];
        for (int i = 0; i < events; i++) {
            now += random.nextInt(3) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 16));
            starts[i] = now;
            durations[i] = random.nextInt(10) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 18));
            now += Math.max(1, durations[i]); // an instant at the start of the next event would lie within it
        }
        for (int i = 0; i < events; i++) {
            int k = (int) ((i * 7919L + seed) % events);
            chunk.add(0, EventKind.KERNEL, starts[k], durations[k], chunk.strings().intern("k" + k % 5), -1, k);
        }
        builder.add(chunk);
        return build(builder);
    }
}
