package org.moelab.gpu.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Numbers of four bits in blocks of 32 that share a scale: the reference for packing and unpacking them.
///
/// Byte `j` of a block's 16 holds value `2j` in its low half and value `2j + 1` in its high half, each E2M1; the scale is
/// E8M0, `2^(byte - 127)`, and 255 stands for not-a-number. Source: OCP Microscaling Formats (MX) Specification 1.0,
/// sections 5.3.3, 5.4.1 and 6.3.
public final class Mxfp4 {
    /// Values that share a scale.
    public static final int BLOCK = 32;
    /// Bytes of a block's values.
    public static final int BLOCK_BYTES = BLOCK / 2;

    private static final float[] E2M1 = { 0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f, -0f, -0.5f, -1f, -1.5f, -2f, -3f, -4f,
            -6f };
    private static final int SCALE_BIAS = 127;
    private static final int SCALE_NAN = 255;
    /// The exponent of 6, the largest number of E2M1.
    private static final int LARGEST_EXPONENT = 2;
    /// Below the first of these magnitudes a number becomes code 0, below the second code 1, and so on.
    private static final float[] MIDDLES = { 0.25f, 0.75f, 1.25f, 1.75f, 2.5f, 3.5f, 5f };

    private Mxfp4() {
    }

    /// The value of four bits, before the scale.
    public static float element(int bits) {
        return E2M1[bits & 0xF];
    }

    /// The factor that a scale byte stands for.
    public static float scale(byte bits) {
        int exponent = bits & 0xFF;
        return exponent == SCALE_NAN ? Float.NaN : Math.scalb(1f, exponent - SCALE_BIAS);
    }

    /// The code of the E2M1 number that is nearest, the even one of two as near; what is too large becomes the largest, and
    /// not-a-number, which has none, zero.
    public static int nearest(float value) {
        float magnitude = Math.abs(value);
        int code = 0;
        for (int i = 0; i < MIDDLES.length; i++) {
            boolean up = i % 2 == 0 ? magnitude > MIDDLES[i] : magnitude >= MIDDLES[i];
            code += up ? 1 : 0;
        }
        return code | Float.floatToRawIntBits(value) >>> 28 & 8;
    }

    /// The scale byte of a block with this largest magnitude: its exponent less that of 6, so that what lies between 6 and 8
    /// times the scale is rounded to 6 (section 6.3).
    public static byte scaleOf(float largest) {
        if (!Float.isFinite(largest)) {
            return (byte) SCALE_NAN;
        }
        int exponent = Float.floatToRawIntBits(Math.abs(largest)) >>> 23;
        return (byte) Math.max(exponent - LARGEST_EXPONENT, 0);
    }

    /// Packs blocks that follow each other.
    ///
    /// @param values 32 a block
    /// @param codes room for 16 bytes a block
    /// @param scales room for a byte a block
    public static void pack(float[] values, byte[] codes, byte[] scales) {
        for (int block = 0; block < values.length / BLOCK; block++) {
            scales[block] = scaleOf(largest(values, block * BLOCK, BLOCK));
            packBlock(values, block * BLOCK, BLOCK, scale(scales[block]), codes);
        }
    }

    /// The largest magnitude of some values, infinite or not-a-number where one is.
    static float largest(float[] values, int from, int count) {
        float largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }

    /// The codes of one block; zeros where the divisor is zero or not finite.
    static void packBlock(float[] values, int from, int count, float divisor, byte[] codes) {
        boolean any = divisor > 0 && Float.isFinite(divisor);
        for (int i = from; i < from + count; i += 2) {
            int low = any ? nearest(values[i] / divisor) : 0;
            int high = any ? nearest(values[i + 1] / divisor) : 0;
            codes[i / 2] = (byte) (low | high << 4);
        }
    }

    /// Unpacks blocks that follow each other.
    ///
    /// @param blocks 16 bytes a block
    /// @param scales a byte a block
    /// @param target room for 32 values a block, filled from the front
    public static void unpack(MemorySegment blocks, MemorySegment scales, float[] target) {
        long count = scales.byteSize();
        if (blocks.byteSize() != count * BLOCK_BYTES || target.length < count * BLOCK) {
            throw new IllegalArgumentException(
                    count + " scales for " + blocks.byteSize() + " bytes of values and room for "
                            + target.length);
        }
        int at = 0;
        for (long block = 0; block < count; block++) {
            float scale = scale(scales.get(ValueLayout.JAVA_BYTE, block));
            for (int j = 0; j < BLOCK_BYTES; j++) {
                byte pair = blocks.get(ValueLayout.JAVA_BYTE, block * BLOCK_BYTES + j);
                target[at++] = element(pair) * scale;
                target[at++] = element(pair >> 4) * scale;
            }
        }
    }
}
