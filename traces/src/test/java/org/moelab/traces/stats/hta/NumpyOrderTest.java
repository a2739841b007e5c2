package org.moelab.traces.stats.hta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/// Expected orders are those of `numpy.argsort` (NumPy 1.24.2).
class NumpyOrderTest {
    @Test
    void order_seventeenWithTies_isThatOfNumpy() {
        assertThat(NumpyOrder.of(keys(17))).containsExactly(0, 13, 7, 1, 14, 8, 15, 2, 9, 3, 16, 10, 4, 11, 5, 12, 6);
    }

    @Test
    void order_fortyWithTies_isThatOfNumpy() {
        assertThat(NumpyOrder.of(keys(40))).containsExactly(0, 26, 13, 39, 20, 7, 33, 14, 27, 1, 34, 8, 21, 2, 15, 28,
                35, 22, 9, 16, 29, 3, 10, 36, 23, 30, 4, 17, 24, 11, 37, 18, 31, 5, 38, 12, 25, 32, 6, 19);
    }

    @Test
    void order_twoRisingRuns_isThatOfNumpyThroughItsHeapsort() {
        double[] keys = DoubleStream.concat(run(2000, 7919, 997), run(2000, 104_729, 991)).toArray();

        int[] order = NumpyOrder.of(keys);

        assertThat(IntStream.range(0, order.length).mapToLong(i -> (i + 1L) * order[i] % 1_000_003).sum())
                .isEqualTo(1_850_115_605L);
    }

    @Test
    void order_anySize_rises() {
        for (int size = 0; size < 200; size++) {
            double[] keys = keys(size);

            double[] sorted = Arrays.stream(NumpyOrder.of(keys)).mapToDouble(i -> keys[i]).toArray();

            assertThat(sorted).isEqualTo(Arrays.stream(keys).sorted().toArray());
        }
    }

    private static double[] keys(int size) {
        return IntStream.range(0, size).mapToDouble(i -> i * 7919 % 13).toArray();
    }

    private static DoubleStream run(int size, long factor, long modulus) {
        return IntStream.range(0, size).mapToLong(i -> i * factor % modulus).sorted().asDoubleStream();
    }
}
