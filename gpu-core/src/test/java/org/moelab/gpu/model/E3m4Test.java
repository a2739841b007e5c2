package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class E3m4Test {
    @ParameterizedTest
    @CsvSource({ "0x00, 0", "0x01, 0x1p-6", "0x0F, 0xFp-6", "0x10, 0x1p-2", "0x30, 1", "0x31, 1.0625", "0x7F, 31",
            "0xB0, -1", "0xFF, -31" })
    void value_ofACode_isItsBits(String code, float value) {
        assertThat(E3m4.value(Integer.decode(code).byteValue())).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({ "1.03125, 1", "1.09375, 1.125", "1.04, 1.0625", "0x1p-7, 0", "0x3p-7, 0x1p-5", "0x1Fp-7, 0x1p-2",
            "31.4, 31", "500, 31", "-1e9, -31", "16.5, 16", "17.5, 18" })
    void nearest_ofANumberBetweenTwo_isTheNearerOrTheEvenOne(float value, float rounded) {
        assertThat(E3m4.round(value)).isEqualTo(rounded);
    }

    @Test
    void nearest_ofEveryValue_isItsCode() {
        for (int code = 0; code < 256; code++) {
            assertThat(E3m4.nearest(E3m4.value((byte) code)) & 0x7F).isEqualTo(code & 0x7F);
        }
    }

    @Test
    void value_asTheKernelsMoveItsBits_isExactInBf16() {
        for (int code = 0; code < 256; code++) {
            // unpack_fp8: sign to bit 15, the rest to bits 9 to 3 of a bf16 number, times 2^124
            int bf16 = (code & 0x80) << 8 | (code & 0x7F) << 3;
            assertThat(Float.intBitsToFloat(bf16 << 16) * 0x1p124f).isEqualTo(E3m4.value((byte) code));
        }
    }

    @Test
    void nearest_ofNumbersOfEverySize_isWhatTheKernelsAddAndShift() {
        for (int bits = 0; bits < Float.floatToRawIntBits(40f); bits += 997) {
            float number = Float.intBitsToFloat(bits);
            assertThat((int) E3m4.nearest(number)).as("%s", number).isEqualTo(packed(number));
        }
        for (int code = 0; code < 127; code++) { // the middle of two, and what lies beside it
            float middle = (E3m4.value((byte) code) + E3m4.value((byte) (code + 1))) / 2;
            for (float number : new float[] { Math.nextDown(middle), middle, Math.nextUp(middle) }) {
                assertThat((int) E3m4.nearest(number)).as("%s", number).isEqualTo(packed(number));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "31, 127", "31.49, 127", "31.5, 128", "16, 127", "15.9, 127", "15.7, 126", "1, 123", "500, 131",
            "0, 1",
            "1e-38, 1", "3e38, 250", "3.4e38, 255", "Infinity, 255", "NaN, 255" })
    void exponent_ofALargestNumber_isTheSmallestThatHoldsIt(float largest, int exponent) {
        assertThat(E3m4.exponent(largest)).isEqualTo(exponent);
    }

    @Test
    void exponent_ofNumbersOfEverySize_isWhatTheKernelsAddAndShift() {
        for (int bits = 0; bits <= 0x7FC00000; bits += 99_991) {
            // scale_exponent of common/cached.cuh
            int shifted = bits + 0x40000 >>> 23;
            assertThat(E3m4.exponent(Float.intBitsToFloat(bits))).as("%x", bits)
                    .isEqualTo(shifted < 255 ? Math.max(shifted, 5) - 4 : 255);
        }
    }

    @Test
    void roundHead_ofNumbersOfAnySize_isOffByAThirtySecondOfTheNumberOrAStepOfTheHead() {
        for (float size : new float[] { 1e-30f, 0.01f, 1, 31.49f, 31.5f, 1e5f }) {
            float[] head = { 0, size, -size / 3, size / 50, -size / 2000, 7 };
            float[] rounded = head.clone();
            E3m4.roundHead(rounded, 0, 5);
            assertThat(rounded[5]).isEqualTo(7);
            for (int i = 0; i < 5; i++) {
                float off = Math.max(Math.abs(head[i]) / 32, size / 15.7f / 128); // half a step
                assertThat(rounded[i]).as("%s of %s", head[i], size).isBetween(head[i] - off, head[i] + off);
            }
        }
    }

    /// `pack_fp8` of common/mma.cuh, for numbers without sign.
    private static int packed(float number) {
        float magnitude = Math.min(number, E3m4.LARGEST);
        int bits = Float.floatToRawIntBits(magnitude);
        return magnitude < 0.25f
                ? (int) Math.rint(magnitude * 64)
                : (bits + 0x3FFFF + (bits >> 19 & 1) >> 19) - (124 << 4);
    }
}
