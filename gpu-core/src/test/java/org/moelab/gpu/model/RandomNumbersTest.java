package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomNumbersTest {
    private static final int COUNT = 1 << 18;

    /// The first outputs of SplitMix64 from the state 0 (Steele, Lea and Flood, 2014): each is the mix of the state before
    /// its step.
    @Test
    void mix_ofTheFirstStates_isSplitMix64() {
        long step = 0x9E3779B97F4A7C15L;
        assertThat(RandomNumbers.mix(0)).isEqualTo(0xE220A8397B1DCDAFL);
        assertThat(RandomNumbers.mix(step)).isEqualTo(0x6E789E6AA1B965F4L);
        assertThat(RandomNumbers.mix(2 * step)).isEqualTo(0x06C45D188009454FL);
    }

    @Test
    void bf16_ofManyIndices_hasTheMeanAndDeviationAskedFor() {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < COUNT; i++) {
            double value = Float.intBitsToFloat(RandomNumbers.bf16(20, i, 0.5f, 2f) << 16);
            sum += value;
            squares += value * value;
        }
        double mean = sum / COUNT;
        // five standard errors of a mean, and of a deviation
        assertThat(mean).isCloseTo(0.5, within(5 * 2 / Math.sqrt(COUNT)));
        assertThat(Math.sqrt(squares / COUNT - mean * mean)).isCloseTo(2, within(5 * 2 / Math.sqrt(2.0 * COUNT)));
    }

    @ParameterizedTest
    @CsvSource({ "1.0,3F80", "-2.5,C020", "1.00390625,3F80", "1.01171875,3F82", "3.4028235e38,7F80", "0.0,0000" })
    void toBf16_ofAFloat_isTheNearestWithTiesToEven(float value, String bits) {
        assertThat(Integer.toHexString(RandomNumbers.toBf16(value) & 0xFFFF)).isEqualToIgnoringCase(
                Integer.toHexString(Integer.parseInt(bits, 16)));
    }

    @Test
    void toBf16_ofNotANumber_staysOne() {
        assertThat(Float.intBitsToFloat(RandomNumbers.toBf16(Float.NaN) << 16)).isNaN();
    }

    @Test
    void scale_ofAnyIndex_staysWithinItsMask() {
        for (int i = 0; i < 1000; i++) {
            assertThat((int) RandomNumbers.scale(3, i, 119, 1)).isBetween(119, 120);
        }
    }
}
