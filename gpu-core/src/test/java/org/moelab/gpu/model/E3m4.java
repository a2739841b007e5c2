package org.moelab.gpu.model;

import java.util.Arrays;

/// Numbers of 8 bits: a sign, three bits of exponent, four of mantissa, neither infinity nor not-a-number, largest 31. The
/// kernels' conversions are compared with this.
public final class E3m4 {
    /// The largest number.
    public static final float LARGEST = 31;
    private static final int CODES = 128;
    /// The values of the codes without sign, in order.
    private static final float[] MAGNITUDES = new float[CODES];

    static {
        for (int code = 0; code < CODES; code++) {
            int exponent = code >> 4;
            int mantissa = code & 15;
            MAGNITUDES[code] = exponent == 0
                    ? Math.scalb(mantissa, -6)
                    : Math.scalb(16f + mantissa, exponent - 7);
        }
    }

    private E3m4() {
    }

    /// What a code stands for.
    public static float value(byte code) {
        float magnitude = MAGNITUDES[code & CODES - 1];
        return code < 0 ? -magnitude : magnitude;
    }

    /// The code of the nearest number, the even one of two as near; what is too large becomes the largest.
    public static byte nearest(float value) {
        if (Float.isNaN(value)) {
            throw new IllegalArgumentException("not-a-number has no code");
        }
        int sign = Float.floatToRawIntBits(value) >>> 24 & 0x80;
        float magnitude = Math.abs(value);
        int at = Arrays.binarySearch(MAGNITUDES, magnitude);
        if (at < 0) {
            int above = Math.min(-at - 1, CODES - 1);
            int below = Math.max(above - 1, 0);
            float up = MAGNITUDES[above] - magnitude;
            float down = magnitude - MAGNITUDES[below];
            at = up < down || up == down && above % 2 == 0 ? above : below;
        }
        return (byte) (sign | at);
    }

    /// A number rounded to E3M4.
    public static float round(float value) {
        return value(nearest(value));
    }

    /// The exponent, as fp32 has it, of the scale of a head of keys or values with this largest magnitude: the smallest power of
    /// two by which none is rounded beyond the largest number; 255, infinite, where the magnitude is not finite, or next to that.
    public static int exponent(float largest) {
        if (!(largest < Math.scalb(31.5f, 123))) { // also for not-a-number
            return 255;
        }
        int exponent = Math.max(Math.getExponent(largest) - 4, -126);
        return 127 + (largest >= Math.scalb(31.5f, exponent) ? exponent + 1 : exponent);
    }

    /// What an exponent stands for.
    public static float power(int exponent) {
        return Float.intBitsToFloat(exponent << 23);
    }

    /// Rounds a head of keys or values with the scale it has in a cache.
    public static void roundHead(float[] numbers, int first, int count) {
        float largest = 0;
        for (int i = first; i < first + count; i++) {
            largest = Math.max(largest, Math.abs(numbers[i]));
        }
        float scale = power(exponent(largest));
        for (int i = first; i < first + count; i++) {
            numbers[i] = round(numbers[i] / scale) * scale;
        }
    }

    /// The scale that a row of weights has: its largest magnitude is to be the largest there is.
    public static float scale(float[] matrix, int row, int columns) {
        float largest = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            largest = Math.max(largest, Math.abs(matrix[i]));
        }
        return largest > 0 ? largest / LARGEST : 1;
    }

    /// A matrix whose rows are rounded to E3M4, each with its scale.
    public static float[] roundRows(float[] matrix, int columns) {
        float[] rounded = new float[matrix.length];
        for (int row = 0; row < matrix.length / columns; row++) {
            float scale = scale(matrix, row, columns);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                rounded[i] = round(matrix[i] / scale) * scale;
            }
        }
        return rounded;
    }
}
