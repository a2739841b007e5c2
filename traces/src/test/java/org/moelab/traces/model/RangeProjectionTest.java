package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class RangeProjectionTest {
    private final TraceBuilder builder = new TraceBuilder();
    private final EventChunk chunk = builder.chunk();
    private final int process = builder.process(new ProcessInfo(1, "test", OptionalInt.empty()));
    private final int ranges = builder.track(Locus.NONE, TrackKind.RANGES, "ranges", Locus.thread(process, 1), 0);
    private final int api = builder.track(Locus.NONE, TrackKind.API, "api", Locus.thread(process, 1), 1);
    private final int gpu0 = builder.track(Locus.NONE, TrackKind.DEVICE, "GPU 0", Locus.device(process, 0), 2);
    private final int gpu1 = builder.track(Locus.NONE, TrackKind.DEVICE, "GPU 1", Locus.device(process, 1), 3);
    private final int stream0 = builder.track(gpu0, TrackKind.STREAM, "stream", Locus.stream(process, 0, 1, 7), 0);
    private final int stream1 = builder.track(gpu1, TrackKind.STREAM, "stream", Locus.stream(process, 1, 2, 7), 0);
    private int lastCorrelation;

    @Test
    void of_nestedRanges_coverTheWorkLaunchedInThem() {
        range("outer", 0, 100);
        range("inner", 10, 50);
        range("idle", 60, 70);
        range("after", 200, 300);
        launch(20, 25, stream0, 1000, 1100);
        launch(30, 35, stream0, 1200, 1300);
        launch(80, 85, stream0, 1400, 1500);
        launch(210, 215, stream0, 1600, 1700);
        assertThat(entries(build())).containsExactly(tuple("outer", 1000L, 1500L, 3, 0, 1),
                tuple("inner", 1000L, 1300L, 2, 1, 0), tuple("after", 1600L, 1700L, 1, 0, 0));
    }

    @Test
    void of_callThatOutlastsTheRange_isNotInIt() {
        range("range", 0, 100);
        launch(10, 20, stream0, 500, 600);
        launch(90, 110, stream0, 700, 800);
        launch(95, 99, stream0, 900, 950);
        assertThat(entries(build())).containsExactly(tuple("range", 500L, 950L, 2, 0, 0));
    }

    @Test
    void of_oneLaunchOfManyKernels_countsOnce() {
        range("replay", 0, 100);
        int correlation = launch(10, 20, stream0, 500, 600);
        work(stream0, EventKind.KERNEL, 650, 700, correlation);
        assertThat(entries(build())).containsExactly(tuple("replay", 500L, 700L, 1, 0, 0));
    }

    @Test
    void of_rangeThatEndsOnAnotherThread_isLeftOut() {
        int row = chunk.add(ranges, EventKind.START_END_RANGE, 0, 100, name("across"), -1, 0);
        chunk.attribute(row, AttributeKey.END_THREAD, 2);
        chunk.add(ranges, EventKind.START_END_RANGE, 0, 100, name("here"), -1, 0);
        launch(10, 20, stream0, 500, 600);
        assertThat(entries(build())).extracting(t -> t.toList().getFirst()).containsExactly("here");
    }

    @Test
    void of_randomNesting_equalsASearchOfAllCalls() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            long start = random.nextInt(10_000);
            range("r" + i, start, start + random.nextInt(2_000));
        }
        for (int i = 0; i < 500; i++) {
            long start = random.nextInt(12_000);
            long work = start + random.nextInt(5_000);
            launch(start, start + random.nextInt(60), stream0, work, work + 1 + random.nextInt(100));
        }
        Trace trace = build();
        RangeProjection projection = RangeProjection.of(trace, e -> trace.kind(e) == EventKind.KERNEL);
        assertThat(projection.size()).isGreaterThan(150);
        for (int entry = 0; entry < projection.size(); entry++) {
            int range = projection.range(entry);
            int[] calls = IntStream.range(0, trace.size())
                    .filter(e -> trace.kind(e).isApiCall() && trace.start(e) >= trace.start(range)
                            && trace.end(e) <= trace.end(range))
                    .toArray();
            int[] kernels = IntStream.range(0, trace.size()).filter(
                    k -> trace.kind(k) == EventKind.KERNEL && IntStream.of(calls).anyMatch(c -> c == trace.link(k)))
                    .toArray();
            assertThat(projection.launches(entry)).isEqualTo(calls.length);
            assertThat(projection.startNs(entry))
                    .isEqualTo(IntStream.of(kernels).mapToLong(trace::start).min().orElseThrow());
            assertThat(projection.endNs(entry))
                    .isEqualTo(IntStream.of(kernels).mapToLong(trace::end).max().orElseThrow());
        }
    }

    @Test
    void build_rangesWithWork_appendsTracksOfProjectedRangesForEachDevice() {
        range("both", 0, 100);
        range("idle", 200, 300);
        launch(10, 20, stream0, 500, 600);
        launch(30, 40, stream1, 550, 900);
        Trace trace = build();
        List<Track> derived = trace.tracks().stream().filter(t -> t.kind() == TrackKind.DEVICE_RANGES).toList();
        assertThat(derived).extracting(Track::parent, t -> t.locus().device()).containsExactly(tuple(gpu0, 0),
                tuple(gpu1, 1));
        assertThat(derived).extracting(Track::id)
                .isEqualTo(List.of(trace.tracks().size() - 2, trace.tracks().size() - 1));
        int first = trace.trackBegin(derived.getFirst().id());
        assertThat(trace.size()).isEqualTo(first + 2);
        assertThat(trace.start(first)).isEqualTo(500);
        assertThat(trace.end(first)).isEqualTo(600);
        assertThat(trace.end(first + 1)).isEqualTo(900);
        assertThat(trace.name(first)).isEqualTo("both");
        assertThat(trace.kind(first)).isEqualTo(EventKind.DEVICE_RANGE);
        assertThat(trace.name(trace.origin(first))).isEqualTo("both");
        assertThat(trace.source(first)).isEqualTo(-1);
        assertThat(trace.origin(trace.origin(first))).as("the host range was recorded").isEqualTo(-1);
        assertThat(trace.lanes(derived.getFirst().id()).getFirst().size()).isEqualTo(1);
    }

    @Test
    void build_producersOwnDeviceRanges_addsNone() {
        range("range", 0, 100);
        launch(10, 20, stream0, 500, 600);
        chunk.add(stream0, EventKind.DEVICE_RANGE, 500, 100, name("own"), -1, 0);
        Trace trace = build();
        assertThat(trace.size()).isEqualTo(4);
        assertThat(trace.tracks()).hasSize(6);
    }

    @Test
    void build_kernelWithoutLaunch_warnsWithTheirNumber() {
        launch(10, 20, stream0, 500, 600);
        work(stream0, EventKind.KERNEL, 700, 800, 99);
        assertThat(build().warnings()).extracting(Warning::code, Warning::count)
                .containsExactly(tuple("kernel-without-launch", 1L));
    }

    @Test
    void build_workBeforeItsLaunch_warnsOfTheClocks() {
        launch(1000, 1010, stream0, 500, 600);
        assertThat(build().warnings()).extracting(Warning::code).containsExactly("clock-backwards");
    }

    private void range(String name, long start, long end) {
        chunk.add(ranges, EventKind.RANGE, start, end - start, name(name), -1, 0);
    }

    private int launch(long start, long end, int stream, long workStart, long workEnd) {
        int correlation = ++lastCorrelation;
        chunk.add(api, EventKind.RUNTIME_CALL, start, end - start, name("launch"), correlation, 0);
        work(stream, EventKind.KERNEL, workStart, workEnd, correlation);
        return correlation;
    }

    private void work(int stream, EventKind kind, long start, long end, int correlation) {
        chunk.add(stream, kind, start, end - start, name("kernel"), correlation, 0);
    }

    private int name(String name) {
        return chunk.strings().intern(name);
    }

    private Trace build() {
        builder.add(chunk);
        return Traces.build(builder);
    }

    /// Name, start, end, launches, level and children of each projected range.
    private static List<Tuple> entries(Trace trace) {
        RangeProjection p = RangeProjection.of(trace, e -> trace.kind(e).isDeviceWork());
        return IntStream.range(0, p.size()).mapToObj(i -> tuple(trace.name(p.range(i)), p.startNs(i), p.endNs(i),
                p.launches(i), p.level(i), p.children(i))).toList();
    }
}
