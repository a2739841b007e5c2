package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.engine.BlockSizing.Occupancy;

class BlockSizingTest {
    private static final int MULTIPROCESSORS = 132;
    private static final int THREADS_HELD = 2048;
    private static final int BLOCKS_HELD = 32;

    /// A multiprocessor that nothing but its threads and blocks limits, as on Hopper.
    private static final Occupancy ROOMY = new Occupancy(MULTIPROCESSORS, 1024,
            threads -> Math.min(BLOCKS_HELD, THREADS_HELD / threads));

    /// A kernel whose registers leave room for one block of 512 threads and none larger.
    private static final Occupancy CRAMPED = new Occupancy(MULTIPROCESSORS, 512, threads -> 512 / threads);

    @ParameterizedTest
    @CsvSource({ "1,2880", "132,2880", "1,4096", "1,1024" })
    void rows_noMoreThanMultiprocessors_getBlocksThatAreDoneInTheFewestRounds(int rows, int width) {
        int threads = BlockSizing.rowThreads(rows, width, ROOMY);
        assertThat(Math.ceilDiv(width, threads)).isEqualTo(Math.ceilDiv(width, 1024));
    }

    @Test
    void rows_narrowerThanABlock_getNoIdleWarps() {
        assertThat(BlockSizing.rowThreads(1, 300, ROOMY)).isEqualTo(320);
        assertThat(BlockSizing.rowThreads(1, 8, ROOMY)).isEqualTo(64);
    }

    @Test
    void rows_many_fillTheMultiprocessorsWithThreadsThatAllHaveWork() {
        int threads = BlockSizing.rowThreads(100_000, 2880, ROOMY);
        assertThat(2880 % threads).isZero();
        assertThat(Math.min(BLOCKS_HELD, THREADS_HELD / threads) * threads).isGreaterThan(THREADS_HELD * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 7, 132, 133, 500, 16_384 })
    void rows_ofAKernelWithManyRegisters_getWhatItCanHave(int rows) {
        assertThat(BlockSizing.rowThreads(rows, 2880, CRAMPED)).isBetween(64, 512).matches(t -> t % 32 == 0);
    }

    @Test
    void elements_many_getTheLargestBlockThatFillsAMultiprocessor() {
        assertThat(BlockSizing.elementThreads(1L << 40, ROOMY)).isEqualTo(1024);
        assertThat(BlockSizing.elementThreads(1L << 40, CRAMPED)).isEqualTo(512);
    }

    @Test
    void elements_few_areSpreadOverTheMultiprocessors() {
        int threads = BlockSizing.elementThreads(2880, ROOMY);
        assertThat(Math.ceilDiv(2880, threads)).isBetween(MULTIPROCESSORS / 2, MULTIPROCESSORS);
        assertThat(BlockSizing.elementThreads(1, ROOMY)).isEqualTo(32);
    }
}
