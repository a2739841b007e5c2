package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
