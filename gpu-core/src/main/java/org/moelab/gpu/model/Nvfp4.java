package org.moelab.gpu.model;

/// Numbers of four bits in blocks of 16 that share a scale of eight bits, and a scale in fp32 for the whole tensor: the
/// reference for the kernels that pack them (`moe/quantise_nvfp4.cu`).
///
/// Numbers are E2M1, two a byte, the first in its lower half. A block's scale is UE4M3: no sign, four bits of exponent with
/// 2^-6 as the smallest, three of mantissa, subnormals down to 2^-9, 448 as the largest, and 127 for not-a-number. Source:
/// PTX ISA, tcgen05, block scaling of `kind::mxf4nvf4`; for E4M3 the OCP 8-bit Floating Point Specification 1.0, section 5.
public final class Nvfp4 {
    /// Values that share a scale.
    public static final int BLOCK = 16;
    /// The largest scale of a block.
    public static final float LARGEST_SCALE = 448;
    /// The largest number before the scales.
    public static final float LARGEST = 6;

    private static final int SCALE_NAN = 127;

    private Nvfp4() {
    }

    /// The factor that a block's scale byte stands for.
    public static float scale(byte bits) {
        int magnitude = bits & 0x7F;
        return magnitude == SCALE_NAN
                ? Float.NaN
                : magnitude < 8
                        ? Math.scalb((float) magnitude, -9)
                        : Math.scalb(8f + magnitude % 8, magnitude / 8 - 10);
    }

    /// The byte of the nearest scale, the even one of two as near; what is too large becomes the largest.
    ///
    /// @param value without sign
    public static byte nearestScale(float value) {
        if (Float.isNaN(value)) {
            return SCALE_NAN;
        }
        float held = Math.min(value, LARGEST_SCALE);
        if (held < 0x1p-6f) {
            return (byte) Math.rint(held * 0x1p9f);
        }
        int bits = Float.floatToRawIntBits(held);
        return (byte) ((bits + 0x7FFFF + (bits >> 20 & 1) >> 20) - (120 << 3));
    }

    /// The scale of a tensor with this largest magnitude, with which its largest block has the largest scale.
    public static float tensorScale(float largest) {
        return largest == 0 ? 1 : largest / (LARGEST * LARGEST_SCALE);
    }

    /// The scale of a tensor.
    public static float tensorScale(float[] values) {
        return tensorScale(Mxfp4.largest(values, 0, values.length));
    }

    /// Packs blocks that follow each other.
    ///
    /// @param values 16 a block
    /// @param tensorScale see [#tensorScale]
    /// @param codes room for 8 bytes a block
    /// @param scales room for a byte a block
    public static void pack(float[] values, float tensorScale, byte[] codes, byte[] scales) {
        for (int block = 0; block < values.length / BLOCK; block++) {
            float largest = Mxfp4.largest(values, block * BLOCK, BLOCK);
            scales[block] = Float.isFinite(largest) ? nearestScale(largest / LARGEST / tensorScale) : SCALE_NAN;
            Mxfp4.packBlock(values, block * BLOCK, BLOCK, scale(scales[block]) * tensorScale, codes);
        }
    }

    /// Unpacks blocks that follow each other.
    ///
    /// @param target room for 16 values a block, filled from the front
    public static void unpack(byte[] codes, byte[] scales, float tensorScale, float[] target) {
        for (int i = 0; i < scales.length * BLOCK; i++) {
            int code = codes[i / 2] >> i % 2 * 4;
            target[i] = Mxfp4.element(code) * (scale(scales[i / BLOCK]) * tensorScale);
        }
    }
}
