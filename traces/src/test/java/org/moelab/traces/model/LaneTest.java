package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Slices, sums and counts of a lane against a walk over all of its events.
class LaneTest {
    private record Slice(int position, int count, long startNs, long endNs, long busyNs, int name) {}

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
    void forEachSlice_anyRangeAndResolution_givesEveryEventOnce(long seed) {
        Random random = new Random(seed);
        Trace trace = trace(random);
        for (Lane lane : trace.lanes(0)) {
            for (int round = 0; round < 60; round++) {
                long span = trace.endNs() - trace.startNs();
                long from = trace.startNs() - 10 + Math.floorMod(random.nextLong(), span + 20);
                long to = from + 1 + Math.floorMod(random.nextLong(), span);
                long resolution = 1 + (long) Math.pow((double) span, random.nextDouble());
                List<Slice> slices = new ArrayList<>();
                lane.forEachSlice(from, to, resolution, (position, count, start, end, busy, name) -> slices
                        .add(new Slice(position, count, start, end, busy, name)));
                checkSlices(trace, lane, from, to, resolution, slices);
                checkSums(trace, lane, from, to);
            }
        }
    }

    private static void checkSlices(Trace trace, Lane lane, long from, long to, long resolution, List<Slice> slices) {
        int next = firstTouching(trace, lane, from);
        for (Slice s : slices) {
            assertThat(s.position()).as("slices follow one another").isEqualTo(next);
            next += s.count();
            assertThat(s.startNs()).isEqualTo(trace.start(lane.event(s.position())));
            assertThat(s.endNs()).isEqualTo(trace.end(lane.event(next - 1)));
            long cellEnd = from + (Math.floorDiv(s.startNs() - from, resolution) + 1) * resolution;
            checkSums(trace, lane, resolution, s, cellEnd);
        }
        for (int i = next; i < lane.size(); i++) {
            assertThat(trace.start(lane.event(i))).as("nothing of the range is left out").isGreaterThanOrEqualTo(to);
        }
    }

    private static void checkSums(Trace trace, Lane lane, long resolution, Slice s, long cellEnd) {
        long busy = 0;
        Map<Integer, Long> byName = new HashMap<>();
        for (int i = s.position(); i < s.position() + s.count(); i++) {
            int e = lane.event(i);
            busy += trace.duration(e);
            byName.merge(trace.nameId(e), trace.duration(e), Long::sum);
            if (s.count() > 1) {
                assertThat(trace.duration(e)).as("long events stand alone").isLessThan(resolution);
                assertThat(trace.start(e)).as("folded events begin in one cell")
                        .isLessThan(cellEnd + (resolution >> 2) + 1);
            }
        }
        assertThat(s.busyNs()).isEqualTo(busy);
        long half = busy / 2;
        byName.forEach((name, time) -> {
            if (time > half) {
                assertThat(s.name()).as("a majority gives the slice its name").isEqualTo(name);
            }
        });
    }

    private static int firstTouching(Trace trace, Lane lane, long from) {
        int i = 0;
        while (i < lane.size() && trace.end(lane.event(i)) <= from && trace.start(lane.event(i)) < from) {
            i++;
        }
        return i;
    }

    private static void checkSums(Trace trace, Lane lane, long from, long to) {
        long busy = 0;
        for (int i = 0; i < lane.size(); i++) {
            int e = lane.event(i);
            busy += Math.max(0, Math.min(to, trace.end(e)) - Math.max(from, trace.start(e)));
        }
        assertThat(lane.busyNs(from, to)).isEqualTo(busy);
    }

    /// One track whose events nest, repeat, stand apart by widely different gaps and are now and then instants.
    private static Trace trace(Random random) {
        TraceBuilder builder = new TraceBuilder();
        int track = builder.track(Locus.NONE, TrackKind.STREAM, "stream", Locus.NOWHERE, 0);
        EventChunk chunk = builder.chunk();
        int[] names = new int[5];
        for (int i = 0; i < names.length; i++) {
            names[i] = chunk.strings().intern("kernel " + i);
        }
        long time = 1_000;
        for (int e = 0; e < 3_000; e++) {
            long duration = random.nextInt(20) == 0 ? 0 : 1 + (long) Math.pow(10, random.nextDouble() * 3);
            chunk.add(track, EventKind.KERNEL, time, duration, names[random.nextInt(names.length)], -1, 0);
            if (random.nextInt(4) == 0 && duration > 4) {
                chunk.add(track, EventKind.KERNEL, time + duration / 3, duration / 3, names[0], -1, 0);
            }
            time += random.nextInt(3) == 0 ? duration : duration + (long) Math.pow(10, random.nextDouble() * 5);
        }
        builder.add(chunk);
        return builder.build(new RecordingInfo(List.of(), TraceFormat.CHROME, "", "", OptionalLong.empty(),
                List.of(), Map.of()), ImportMonitor.NONE);
    }
}
