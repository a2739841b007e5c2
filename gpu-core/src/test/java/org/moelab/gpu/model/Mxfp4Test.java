package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Mxfp4Test {
    @ParameterizedTest
    @CsvSource({ "127, 1", "128, 2", "126, 0.5", "137, 1024", "1, 1.1754943508222875E-38", "0, 5.877471754111438E-39",
            "254, 1.7014118346046923E38" })
    void scale_exponentByte_isAPowerOfTwo(int bits, float factor) {
        assertThat(Mxfp4.scale((byte) bits)).isEqualTo(factor);
    }

    @Test
    void scale_lastByte_isNotANumber() {
        assertThat(Mxfp4.scale((byte) 255)).isNaN();
    }

    @Test
    void unpack_everyElement_lowHalfFirstAndScaled() {
        byte[] blocks = new byte[32];
        for (int j = 0; j < 16; j++) {
            blocks[j] = (byte) (j % 8 * 2 | (j % 8 * 2 + 1) << 4); // 0, 1, 2 … 15, twice
        }
        blocks[16] = 0x72; // 2 low: 1.0, 7 high: 6.0
        float[] values = new float[64];

        Mxfp4.unpack(MemorySegment.ofArray(blocks), MemorySegment.ofArray(new byte[] { (byte) 128, 125 }), values);

        float[] positive = { 0, 1, 2, 3, 4, 6, 8, 12 };
        for (int i = 0; i < 32; i++) {
            float magnitude = positive[i % 8];
            assertThat(values[i]).as("value %d", i).isEqualTo(i % 16 < 8 ? magnitude : -magnitude);
        }
        assertThat(values[32]).isEqualTo(0.25f);
        assertThat(values[33]).isEqualTo(1.5f);
        assertThat(values[34]).isZero();
    }

    @Test
    void unpack_tooFewBytes_isRefused() {
        assertThatThrownBy(() -> Mxfp4.unpack(MemorySegment.ofArray(new byte[15]),
                MemorySegment.ofArray(new byte[1]), new float[32])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nearest_ofNumbersOfEverySize_isTheNearestOfTheGridOrTheEvenOne() {
        for (float value = -8; value <= 8; value += 0x1p-6f) {
            int code = Mxfp4.nearest(value);
            for (int other = 0; other < 16; other++) {
                float off = Math.abs(Mxfp4.element(code) - value);
                float otherOff = Math.abs(Mxfp4.element(other) - value);
                boolean sameNumber = Mxfp4.element(code) == Mxfp4.element(other);
                assertThat(sameNumber || off < otherOff || off == otherOff && code % 2 == 0)
                        .as("%s is code %d, not %d", value, code, other).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "1e30, 7", "-Infinity, 15", "-0.0, 8", "0.2, 0", "-0.3, 9", "NaN, 0" })
    void nearest_beyondTheGrid_isAnEndOfIt(float value, int code) {
        assertThat(Mxfp4.nearest(value)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({ "6, 127", "4, 127", "7.9, 127", "8, 128", "3.9, 126", "1, 125", "0, 0", "1e-38, 0", "3e38, 252",
            "Infinity, 255", "NaN, 255" })
    void scaleOf_aLargestMagnitude_isItsExponentLessThatOfSix(float largest, int bits) {
        assertThat(Mxfp4.scaleOf(largest) & 0xFF).isEqualTo(bits);
    }

    @Test
    void pack_numbersOfTheGrid_areExact() {
        float[] values = new float[64];
        for (int i = 0; i < 64; i++) {
            values[i] = Mxfp4.element(i) * (i < 32 ? 0x1p-127f : 4);
        }
        byte[] codes = new byte[32];
        byte[] scales = new byte[2];
        float[] unpacked = new float[64];

        Mxfp4.pack(values, codes, scales);
        Mxfp4.unpack(MemorySegment.ofArray(codes), MemorySegment.ofArray(scales), unpacked);

        assertThat(unpacked).containsExactly(values);
    }
}
