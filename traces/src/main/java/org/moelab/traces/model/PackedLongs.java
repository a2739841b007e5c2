package org.moelab.traces.model;

/// An immutable column of integers in as few bytes each as their range needs: 1, 2, 4 or 8.
final class PackedLongs {
    private final long base;
    private final byte[] bytes;
    private final short[] shorts;
    private final int[] ints;
    private final long[] longs;

    /// @param values the array may be kept
    PackedLongs(long[] values) {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (long v : values) {
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        // a range that overflows is negative as a signed number, and large as an unsigned one
        long range = values.length == 0 ? 0 : max - min;
        base = values.length == 0 || Long.compareUnsigned(range, 0xFFFF_FFFFL) > 0 ? 0 : min;
        bytes = new byte[Long.compareUnsigned(range, 0xFF) <= 0 ? values.length : 0];
        shorts = new short[bytes.length == 0 && Long.compareUnsigned(range, 0xFFFF) <= 0 ? values.length : 0];
        ints = new int[bytes.length == 0 && shorts.length == 0 && Long.compareUnsigned(range, 0xFFFF_FFFFL) <= 0
                ? values.length
                : 0];
        longs = bytes.length + shorts.length + ints.length == 0 ? values : new long[0];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] - base);
        }
        for (int i = 0; i < shorts.length; i++) {
            shorts[i] = (short) (values[i] - base);
        }
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) (values[i] - base);
        }
    }

    long get(int i) {
        if (ints.length > 0) {
            return base + Integer.toUnsignedLong(ints[i]);
        }
        if (shorts.length > 0) {
            return base + Short.toUnsignedLong(shorts[i]);
        }
        return bytes.length > 0 ? base + Byte.toUnsignedLong(bytes[i]) : longs[i];
    }

    long bytes() {
        return bytes.length + 2L * shorts.length + 4L * ints.length + 8L * longs.length;
    }
}
