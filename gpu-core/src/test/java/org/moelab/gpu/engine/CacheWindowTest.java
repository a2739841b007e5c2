package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.gpu.engine.CacheWindow.Size;

class CacheWindowTest {
    private static final int ASIDE = 30 << 20;
    private static final int SPAN = 128 << 20;
    private static final CudaDevice DEVICE = new CudaDevice(0, "NVIDIA Test", "0000:1B:00.0",
            new ComputeCapability(9, 0), 1L << 37, 132, 50 << 20, 1 << 17, 1_980_000, ASIDE, SPAN, 0, true);

    @Test
    void window_overLessThanCanBeSetAside_keepsAllAndSetsNoMoreAside() {
        assertThat(Size.of(1 << 20, DEVICE)).isEqualTo(new Size(1 << 20, 1 << 20, 1.0f));
    }

    @Test
    void window_overMore_keepsTheShareThatFits() {
        assertThat(Size.of(60 << 20, DEVICE)).isEqualTo(new Size(60 << 20, ASIDE, 0.5f));
    }

    @Test
    void window_overMoreThanItCanSpan_endsThere() {
        Size size = Size.of(1L << 40, DEVICE);
        assertThat(size.bytes()).isEqualTo(SPAN);
        assertThat(size.hitRatio()).isEqualTo((float) (ASIDE / (double) SPAN));
    }
}
