package org.moelab.traces.stats.hta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SpansTest {
    private static final int WIDTH = 400;

    @Test
    void union_touchingAndOverlapping_areOne() {
        Spans spans = Spans.union(new double[] { 10, 0, 4, 20 }, new double[] { 12, 4, 6, 25 });

        assertThat(spans.size()).isEqualTo(3);
        assertThat(new double[] { spans.start(0), spans.end(0) }).containsExactly(0, 6);
        assertThat(new double[] { spans.start(2), spans.end(2) }).containsExactly(20, 25);
        assertThat(spans.length()).isEqualTo(13);
        assertThat(spans.extent()).isEqualTo(25);
    }

    @Test
    void union_ofNothing_hasNoLength() {
        Spans none = Spans.union(new double[0], new double[0]);

        assertThat(none.length()).isZero();
        assertThat(none.extent()).isZero();
        assertThat(none.overlap(Spans.union(new double[] { 1 }, new double[] { 2 }))).isZero();
    }

    @RepeatedTest(200)
    void unionAndOverlap_randomIntervals_agreeWithBitmaps(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        BitSet first = new BitSet(WIDTH);
        BitSet second = new BitSet(WIDTH);
        Spans a = randomSpans(random, first);
        Spans b = randomSpans(random, second);

        assertThat(a.length()).isEqualTo(first.cardinality());
        assertThat(a.extent()).isEqualTo(first.isEmpty() ? 0 : first.length() - first.nextSetBit(0));
        assertThat(b.overlap(a)).isEqualTo(a.overlap(b));
        first.and(second);
        assertThat(a.overlap(b)).isEqualTo(first.cardinality());
        for (int i = 1; i < a.size(); i++) {
            assertThat(a.start(i)).isGreaterThan(a.end(i - 1));
        }
    }

    private static Spans randomSpans(Random random, BitSet covered) {
        int count = random.nextInt(30);
        double[] start = new double[count];
        double[] end = new double[count];
        Arrays.setAll(start, _ -> random.nextInt(WIDTH - 40));
        Arrays.setAll(end, i -> start[i] + 1 + random.nextInt(random.nextBoolean() ? 5 : 39));
        for (int i = 0; i < count; i++) {
            covered.set((int) start[i], (int) end[i]);
        }
        return Spans.union(start, end);
    }
}
