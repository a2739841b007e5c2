package org.moelab.gpu.model;

/// Numbers that are a function of a seed and an index, the same on the host and on the device (`init/weights.cu`).
public final class RandomNumbers {
    private static final float UNIT_DEVIATION = 2.64291e-5f; // sqrt(3) / 65536: the sum of four uniform 16-bit numbers

    private RandomNumbers() {
    }

    /// A well-mixed hash (the finaliser of SplitMix64).
    public static long mix(long counter) {
        long z = counter + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// The bits of the bf16 number at an index: `mean + deviation * s`, s the centred and scaled sum of the four 16-bit parts
    /// of the hash.
    public static short bf16(long seed, long index, float mean, float deviation) {
        long bits = mix(seed + index);
        int sum = (int) (bits & 0xFFFF) + (int) (bits >>> 16 & 0xFFFF) + (int) (bits >>> 32 & 0xFFFF)
                + (int) (bits >>> 48);
        float s = (sum - 131070) * UNIT_DEVIATION;
        return toBf16(mean + deviation * s);
    }

    /// The eight bytes at index `8 * word`.
    public static long bytes(long seed, long word) {
        return mix(seed + word);
    }

    /// The scale byte at an index.
    public static byte scale(long seed, long index, int base, int mask) {
        return (byte) (base + (int) (mix(seed + index) & mask));
    }

    /// The nearest bf16 number, ties to even.
    public static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
