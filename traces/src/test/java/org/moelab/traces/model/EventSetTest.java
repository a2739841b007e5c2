package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventSetTest {
    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 7, 40, 1000 })
    void find_sparseAndDense_numbersEventsByRisingIndex(int meanGap) {
        Random random = new Random(meanGap);
        int[] events = new int[500];
        int event = 1000;
        for (int i = 0; i < events.length; i++) {
            event += 1 + random.nextInt(2 * meanGap - 1);
            events[i] = event;
        }
        EventSet set = new EventSet(events.clone());
        for (int i = 0; i < events.length; i++) {
            assertThat(set.find(events[i])).isEqualTo(i);
            assertThat(set.event(i)).isEqualTo(events[i]);
        }
        IntStream.range(990, event + 200).filter(e -> IntStream.of(events).noneMatch(x -> x == e))
                .forEach(e -> assertThat(set.find(e)).as("event %d", e).isNegative());
    }

    @Test
    void bytes_denseEvents_areAFewBitsAnEvent() {
        assertThat(new EventSet(IntStream.range(0, 10_000).toArray()).bytes()).isLessThan(2_000);
    }

    @Test
    void find_empty_findsNothing() {
        EventSet set = new EventSet(new int[0]);
        assertThat(set.size()).isZero();
        assertThat(set.find(0)).isNegative();
    }

    @ParameterizedTest
    @CsvSource({ "1, 0.5", "10, 0.9", "100, 0.02", "1000, 0.03", "5000, 0.5", "5000, 1.0", "20000, 0.001",
            "20000, 0.2" })
    void events_denseOrSparse_areFoundByNumberAndBack(int range, double share) {
        Random random = new Random(range);
        int[] events = IntStream.range(0, range).filter(_ -> random.nextDouble() < share).map(e -> e + 77).toArray();
        EventSet set = new EventSet(events.clone());

        assertThat(set.size()).isEqualTo(events.length);
        assertThat(IntStream.range(0, set.size()).map(set::event).toArray()).isEqualTo(events);
        for (int e = 0; e < range + 200; e++) {
            assertThat(set.find(e)).isEqualTo(Math.max(-1, Arrays.binarySearch(events, e)));
        }
    }

    @Test
    void events_withGapsOfManyBlocks_areFound() {
        int[] events = IntStream.concat(IntStream.range(0, 3000), IntStream.range(9000, 12_000)).toArray();
        EventSet set = new EventSet(events.clone());

        assertThat(IntStream.range(0, set.size()).map(set::event).toArray()).isEqualTo(events);
        assertThat(set.find(5000)).isEqualTo(-1);
        assertThat(set.bytes()).isLessThan(4L * events.length / 8);
    }
}
