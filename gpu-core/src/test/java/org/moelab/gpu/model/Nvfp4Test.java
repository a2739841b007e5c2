package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Nvfp4Test {
    @ParameterizedTest
    @CsvSource({ "0, 0", "1, 0x1p-9", "7, 0x7p-9", "8, 0x1p-6", "56, 1", "57, 1.125", "64, 2", "125, 416",
            "126, 448" })
    void scale_ofAByte_isItsBits(byte bits, float factor) {
        assertThat(Nvfp4.scale(bits)).isEqualTo(factor);
    }

    @Test
    void scale_lastByte_isNotANumber() {
        assertThat(Nvfp4.scale((byte) 127)).isNaN();
        assertThat(Nvfp4.nearestScale(Float.NaN)).isEqualTo((byte) 127);
    }

    @Test
    void nearestScale_ofEveryScale_isItsByte() {
        for (byte bits = 0; bits < 127; bits++) {
            assertThat(Nvfp4.nearestScale(Nvfp4.scale(bits))).isEqualTo(bits);
        }
    }

    @Test
    void nearestScale_ofTheMiddleOfTwoAndBesideIt_isTheNearerOrTheEvenOne() {
        for (byte bits = 0; bits < 126; bits++) {
            byte above = (byte) (bits + 1);
            float middle = (Nvfp4.scale(bits) + Nvfp4.scale(above)) / 2;
            assertThat(Nvfp4.nearestScale(middle)).as("%s", middle).isEqualTo(bits % 2 == 0 ? bits : above);
            assertThat(Nvfp4.nearestScale(Math.nextDown(middle))).as("below %s", middle).isEqualTo(bits);
            assertThat(Nvfp4.nearestScale(Math.nextUp(middle))).as("above %s", middle).isEqualTo(above);
        }
    }

    @ParameterizedTest
    @CsvSource({ "448, 126", "464, 126", "500, 126", "1e30, 126", "Infinity, 126", "0, 0", "1e-30, 0" })
    void nearestScale_beyondTheRange_isAnEndOfIt(float value, byte bits) {
        assertThat(Nvfp4.nearestScale(value)).isEqualTo(bits);
    }

    @Test
    void tensorScale_ofATensor_givesItsLargestBlockTheLargestScale() {
        float[] values = new float[32];
        values[3] = -13.5f;
        values[20] = 0.5f;
        byte[] scales = new byte[2];

        Nvfp4.pack(values, Nvfp4.tensorScale(values), new byte[16], scales);

        assertThat(scales).containsExactly(126, 88); // 448, and 448 / 27 = 16.6, next to 16
        assertThat(Nvfp4.tensorScale(new float[4])).isEqualTo(1);
    }

    @Test
    void pack_numbersOfTheGrid_areExact() {
        float tensorScale = 0.25f;
        float[] values = new float[3 * Nvfp4.BLOCK];
        float[] scales = { 448, 0x1p-9f, 1.125f };
        for (int i = 0; i < values.length; i++) {
            values[i] = Mxfp4.element(i) * scales[i / Nvfp4.BLOCK] * tensorScale;
        }
        byte[] codes = new byte[24];
        byte[] packedScales = new byte[3];
        float[] unpacked = new float[values.length];

        Nvfp4.pack(values, tensorScale, codes, packedScales);
        Nvfp4.unpack(codes, packedScales, tensorScale, unpacked);

        assertThat(packedScales).containsExactly(126, 1, 57);
        assertThat(codes).startsWith(0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE);
        assertThat(unpacked).containsExactly(values);
    }

    @Test
    void pack_blockWithANumberThatIsNotFinite_hasAScaleThatIsNoNumberAndLeavesTheOthers() {
        for (float bad : new float[] { Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY }) {
            float[] values = new float[32];
            values[5] = bad;
            values[16] = 6;
            float[] unpacked = new float[32];
            byte[] codes = new byte[16];
            byte[] scales = new byte[2];

            Nvfp4.pack(values, 1, codes, scales);
            Nvfp4.unpack(codes, scales, 1, unpacked);

            for (int i = 0; i < 16; i++) {
                assertThat(unpacked[i]).isNaN();
            }
            assertThat(unpacked[16]).isEqualTo(6);
        }
    }

    @Test
    void pack_normalNumbers_areOffByLessThanAStepEachAndATenthInAll() {
        float[] values = normal(1 << 16);
        float tensorScale = Nvfp4.tensorScale(values);
        byte[] codes = new byte[values.length / 2];
        byte[] scales = new byte[values.length / Nvfp4.BLOCK];
        float[] unpacked = new float[values.length];

        Nvfp4.pack(values, tensorScale, codes, scales);
        Nvfp4.unpack(codes, scales, tensorScale, unpacked);

        for (int i = 0; i < values.length; i++) {
            // half the widest step, that between 4 and 6
            float step = Nvfp4.scale(scales[i / Nvfp4.BLOCK]) * tensorScale;
            assertThat(Math.abs(values[i] - unpacked[i])).as("%s", values[i]).isLessThanOrEqualTo(step * 1.0001f);
        }
        assertThat(relativeError(values, unpacked)).isBetween(0.09, 0.1);
    }

    @Test
    void pack_normalNumbersInMxfp4_areOffByMore() {
        float[] values = normal(1 << 16);
        byte[] codes = new byte[values.length / 2];
        byte[] scales = new byte[values.length / Mxfp4.BLOCK];

        Mxfp4.pack(values, codes, scales);

        float[] unpacked = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            unpacked[i] = Mxfp4.element(codes[i / 2] >> i % 2 * 4) * Mxfp4.scale(scales[i / Mxfp4.BLOCK]);
        }
        assertThat(relativeError(values, unpacked)).isBetween(0.11, 0.13);
    }

    private static float[] normal(int count) {
        Random random = new Random(5);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * 0.02f;
        }
        return values;
    }

    /// The root of the squares of what is off over that of the squares.
    private static double relativeError(float[] expected, float[] found) {
        double off = 0;
        double all = 0;
        for (int i = 0; i < expected.length; i++) {
            off += Math.pow(expected[i] - found[i], 2);
            all += Math.pow(expected[i], 2);
        }
        return Math.sqrt(off / all);
    }
}
