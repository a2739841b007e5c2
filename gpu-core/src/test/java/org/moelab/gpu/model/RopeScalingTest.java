package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RopeScalingTest {
    private final RopeScaling rope = MoeConfig.gptOss20b().rope();

    @Test
    void angles_outsideTheRamp_areKeptOrStretchedInFull() {
        float[] angles = rope.inverseFrequencies(64);
        assertThat(angles).hasSize(32);
        assertThat(angles[0]).isEqualTo(1.0f);
        // the ramp of gpt-oss runs from dimension 8.0928 to 17.3980
        assertThat((double) angles[8]).isCloseTo(Math.pow(150_000, -16 / 64.0), within(1e-8));
        assertThat((double) angles[18]).isCloseTo(Math.pow(150_000, -36 / 64.0) / 32, within(1e-9));
        assertThat((double) angles[9]).isBetween(Math.pow(150_000, -18 / 64.0) / 32, Math.pow(150_000, -18 / 64.0));
    }

    @Test
    void concentration_ofFactor32_isThatOfGptOss() {
        assertThat(rope.concentration()).isCloseTo(1.346574f, within(1e-6f));
    }

    @Test
    void factorOne_isPlainRotaryEmbedding() {
        RopeScaling plain = new RopeScaling(10_000, 1, 4096, 32, 1, true);
        assertThat((double) plain.inverseFrequencies(8)[1]).isCloseTo(0.1, within(1e-8));
        assertThat(plain.concentration()).isEqualTo(1.0f);
    }
}
