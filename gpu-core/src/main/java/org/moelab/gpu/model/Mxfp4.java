package org.moelab.gpu.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Numbers of four bits in blocks of 32 that share a scale: the reference for unpacking them.
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
