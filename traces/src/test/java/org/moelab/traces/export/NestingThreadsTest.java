package org.moelab.traces.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class NestingThreadsTest {
    private record Slice(long start, long end) {
        boolean overlaps(Slice later) {
            return later.start < end && later.end > end;
        }
    }

    private static List<Slice> random(int seed) {
        Random random = new Random(seed);
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            long start = random.nextInt(2_000);
            slices.add(new Slice(start, start + 1 + random.nextInt(i % 10 == 0 ? 900 : 60)));
        }
        slices.sort(
                Comparator.comparingLong(Slice::start).thenComparing(Comparator.comparingLong(Slice::end).reversed()));
        return slices;
    }

    @Test
    void place_randomSlices_nestOnEveryThread() {
        for (int seed = 0; seed < 20; seed++) {
            NestingThreads threads = new NestingThreads();
            Map<Integer, List<Slice>> placed = new HashMap<>();
            for (Slice slice : random(seed)) {
                List<Slice> thread = placed.computeIfAbsent(threads.place(slice.start, slice.end),
                        _ -> new ArrayList<>());
                assertThat(thread).noneMatch(earlier -> earlier.overlaps(slice));
                thread.add(slice);
            }
            assertThat(placed).as("threads are numbered without gaps").containsOnlyKeys(
                    IntStream.range(0, placed.size()).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void place_whatNests_staysOnTheFirst() {
        NestingThreads threads = new NestingThreads();

        assertThat(threads.place(0, 100)).isZero();
        assertThat(threads.place(10, 50)).isZero();
        assertThat(threads.place(40, 60)).as("overlaps the one before").isEqualTo(1);
        assertThat(threads.place(45, 55)).as("nests only in the last").isEqualTo(1);
        assertThat(threads.place(50, 100)).as("after what ended").isZero();
        assertThat(threads.place(70, 120)).as("the further thread is free again").isEqualTo(1);
        assertThat(threads.place(80, 130)).isEqualTo(2);
    }

    @Test
    void place_hundredThousandOverlapping_givesEachAThread() {
        NestingThreads threads = new NestingThreads();

        int last = 0;
        for (int i = 0; i < 100_000; i++) {
            last = threads.place(i, i + 1_000_000L);
        }

        assertThat(last).isEqualTo(99_999);
    }
}
