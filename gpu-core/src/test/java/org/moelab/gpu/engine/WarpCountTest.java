package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarpCountTest {
    private static final int MULTIPROCESSORS = 132;

    @Test
    void filling_nothingBetter_staysAtTheUsual() {
        assertThat(WarpCount.filling(5120, 1, MULTIPROCESSORS, warps -> 32 / warps)).isEqualTo(WarpCount.USUAL);
    }

    @Test
    void filling_fewRows_takesSmallBlocksThatSpread() {
        // 132 * 4 warps: a block of 4 for each multiprocessor, where blocks of 8 leave half of them idle
        assertThat(WarpCount.filling(MULTIPROCESSORS * 4, 1, MULTIPROCESSORS, warps -> 32 / warps)).isEqualTo(4);
    }

    @Test
    void filling_sharedMemoryForOneBlock_takesTheLargestThatIsUsed() {
        assertThat(WarpCount.filling(MULTIPROCESSORS * 64, 1, MULTIPROCESSORS, _ -> 1)).isEqualTo(16);
    }

    @Test
    void filling_blocksThatDoNotFitAtAll_areNotTaken() {
        assertThat(WarpCount.filling(MULTIPROCESSORS * 64, 1, MULTIPROCESSORS, warps -> warps == 4 ? 1 : 0))
                .isEqualTo(4);
    }
}
