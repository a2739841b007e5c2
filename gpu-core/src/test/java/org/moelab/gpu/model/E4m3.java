package org.moelab.gpu.model;

import java.util.Arrays;

/// Numbers of 8 bits: a sign, four bits of exponent, three of mantissa, no infinity, largest 448 (OCP 8-bit floating point
/// specification). The kernels' conversions are compared with this.
public final class E4m3 {
    private static final int NOT_A_NUMBER = 0x7F;
    /// The values of the codes without sign, in order.
    private static final float[] MAGNITUDES = new float[NOT_A_NUMBER];

    static {
        for (int code = 0; code < NOT_A_NUMBER; code++) {
            int exponent = code >> 3;
            int mantissa = code & 7;
            MAGNITUDES[code] = exponent == 0
                    ? Math.scalb(mantissa, -9)
                    : Math.scalb(8f + mantissa, exponent - 10);
        }
    }

    private E4m3() {
    }

    /// What a code stands for.
    public static float value(byte code) {
        int magnitude = code & NOT_A_NUMBER;
        if (magnitude == NOT_A_NUMBER) {
            return Float.NaN;
        }
        return code < 0 ? -MAGNITUDES[magnitude] : MAGNITUDES[magnitude];
    }

    /// The code of the nearest number, the even one of two as near; what is too large becomes the largest.
    public static byte nearest(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 24 & 0x80;
        if (Float.isNaN(value)) {
            return (byte) (sign | NOT_A_NUMBER);
        }
        float magnitude = Math.abs(value);
        int at = Arrays.binarySearch(MAGNITUDES, magnitude);
        if (at < 0) {
            int above = Math.min(-at - 1, NOT_A_NUMBER - 1);
            int below = Math.max(above - 1, 0);
            float up = MAGNITUDES[above] - magnitude;
            float down = magnitude - MAGNITUDES[below];
            at = up < down || up == down && above % 2 == 0 ? above : below;
        }
        return (byte) (sign | at);
    }

    /// A number rounded to E4M3.
    public static float round(float value) {
        return value(nearest(value));
    }

    /// The scale that a row of weights has: its largest magnitude is to be the largest there is.
    public static float scale(float[] matrix, int row, int columns) {
        float largest = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            largest = Math.max(largest, Math.abs(matrix[i]));
        }
        return largest > 0 ? largest / 448f : 1;
    }

    /// A matrix whose rows are rounded to E4M3, each with its scale.
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
