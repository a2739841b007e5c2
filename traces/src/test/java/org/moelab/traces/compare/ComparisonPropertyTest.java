package org.moelab.traces.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelTimes;

/// What holds for any two timelines, tried on random ones.
class ComparisonPropertyTest {
    private static final String[] NAMES = { "void gemm_128x64<float, 4>(float*)", "void gemm_64x64<float, 8>(float*)",
            "norm", "rope", "norm_rope", "map<Add>", "map<Mul>", "triton_poi_fused_3", "triton_poi_fused_7" };

    /// A random timeline: nested and overlapping ranges, kernels and copies on three streams, work at the same time, of
    /// no duration, and outside of steps.
    private static Trace random(Random random) {
        TimelineFixture fixture = new TimelineFixture();
        long time = 0;
        for (int step = 0; step < random.nextInt(4); step++) {
            long begin = time;
            for (int range = 0; range < random.nextInt(5); range++) {
                long start = time + random.nextInt(10);
                long end = start + random.nextInt(60);
                fixture.range("range " + random.nextInt(3), start, end);
                for (int k = 0; k < random.nextInt(6); k++) {
                    long launch = start + random.nextInt(50);
                    int stream = 7 + random.nextInt(3);
                    long at = launch + random.nextInt(500);
                    String name = NAMES[random.nextInt(NAMES.length)];
                    if (random.nextInt(5) == 0) {
                        fixture.copy("[CUDA memcpy DtoH]", stream, launch, at, random.nextInt(40));
                    } else {
                        fixture.kernel(name, stream, launch, at, random.nextInt(100), 1 + random.nextInt(3));
                    }
                }
                time = end;
            }
            if (random.nextBoolean()) {
                fixture.range("step " + step, begin, time + 1);
            }
            time += random.nextInt(30);
        }
        return fixture.build();
    }

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5 })
    void rows_ofAnyTwo_sumExactlyToTheDifferenceOfDeviceTime(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            Trace a = random(random);
            Trace b = random(random);
            long expected = KernelTimes.of(b).totalNs() - KernelTimes.of(a).totalNs();
            for (Grouping by : Grouping.values()) {
                Comparison comparison = Comparison.of(a, b, by);

                assertThat(comparison.rows().stream().mapToLong(Row::deltaNs).sum()).isEqualTo(expected);
                assertThat(comparison.rows().stream().mapToLong(r -> r.a().calls()).sum())
                        .isEqualTo(KernelTimes.of(a).calls());
                assertThat(comparison.rows().stream().mapToLong(r -> r.b().calls()).sum())
                        .isEqualTo(KernelTimes.of(b).calls());
                assertThat(Waterfall.ofDeviceTime(comparison, 3).endNs()).isEqualTo(KernelTimes.of(b).totalNs());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = { 6, 7, 8 })
    void wall_ofAny_isTheTimeFromFirstStartToLastEnd(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            Trace trace = random(random);
            WallTime wall = WallTime.of(trace);
            int[] work = IntStream.range(0, trace.size()).filter(e -> trace.kind(e).isDeviceWork()).toArray();
            long first = IntStream.of(work).mapToLong(trace::start).min().orElse(0);
            long last = IntStream.of(work).mapToLong(trace::end).max().orElse(0);

            assertThat(wall.wallNs()).isEqualTo(last - first);
            assertThat(wall.totalWorkNs()).isEqualTo(KernelTimes.of(trace).totalNs());
            assertThat(wall.overlapNs()).isNotNegative();
            assertThat(wall.idleNs()).isNotNegative();
            assertThat(wall.workNs()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = { 9, 10, 11, 12 })
    void of_bWithA_isOfAWithBTheOtherWayRound(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            Trace a = random(random);
            Trace b = random(random);
            for (Grouping by : Grouping.values()) {
                Map<Row, Long> there = counted(Comparison.of(a, b, by), Function.identity());
                Map<Row, Long> back = counted(Comparison.of(b, a, by), r -> new Row(r.change().reversed(),
                        r.matchedBy(), r.namesB(), r.namesA(), r.paths(), r.b(), r.a()));

                assertThat(back).isEqualTo(there);
            }
        }
    }

    private static Map<Row, Long> counted(Comparison comparison, Function<Row, Row> as) {
        return comparison.rows().stream().map(as).collect(Collectors.groupingBy(Function.identity(),
                Collectors.counting()));
    }

    @ParameterizedTest
    @ValueSource(longs = { 13, 14 })
    void of_aWithItself_isAllZeroAndMatchedByName(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            Trace a = random(random);
            for (Grouping by : Grouping.values()) {
                assertThat(Comparison.of(a, a, by).rows())
                        .allMatch(r -> r.deltaNs() == 0 && r.change() == Change.MATCHED
                                && r.matchedBy() == MatchedBy.NAME && r.a().equals(r.b()));
            }
        }
    }
}
