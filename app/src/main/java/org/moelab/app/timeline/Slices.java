package org.moelab.app.timeline;

import java.util.Arrays;

/// The slices of one bar, in columns: where each lies, its name and family, and how busy it is. Frozen.
final class Slices {
    /// The share of a slice that is one event.
    static final short WHOLE = -1;
    /// The share of a slice of several events that are busy without a break.
    static final int FULL = 255;

    /// The least height of a folded slice, as a part of its bar's.
    private static final double LOWEST = 0.35;
    /// By share the height, as a part of the bar's. A whole event's counts as full.
    private static final double[] HEIGHTS = new double[FULL + 1];

    static {
        Arrays.setAll(HEIGHTS, share -> LOWEST + (1 - LOWEST) * share / FULL);
    }

    private final float[] left;
    private final float[] right;
    private final int[] name;
    private final byte[] kind;
    private final short[] share;

    private Slices(Builder from) {
        left = Arrays.copyOf(from.left, from.size);
        right = Arrays.copyOf(from.right, from.size);
        name = Arrays.copyOf(from.name, from.size);
        kind = Arrays.copyOf(from.kind, from.size);
        share = Arrays.copyOf(from.share, from.size);
    }

    /// Collects the slices of one bar after the other, in the same room.
    static final class Builder {
        private int size;
        private float[] left = new float[4096];
        private float[] right = new float[4096];
        private int[] name = new int[4096];
        private byte[] kind = new byte[4096];
        private short[] share = new short[4096];

        /// Adds a slice.
        ///
        /// @param share [#WHOLE] for one event; for several folded into one, the busy part of their span, 0 to [#FULL]
        void add(float left, float right, int name, int kind, int share) {
            if (size == this.left.length) {
                grow();
            }
            this.left[size] = left;
            this.right[size] = right;
            this.name[size] = name;
            this.kind[size] = (byte) kind;
            this.share[size] = (short) share;
            size++;
        }

        private void grow() {
            int capacity = size * 2;
            left = Arrays.copyOf(left, capacity);
            right = Arrays.copyOf(right, capacity);
            name = Arrays.copyOf(name, capacity);
            kind = Arrays.copyOf(kind, capacity);
            share = Arrays.copyOf(share, capacity);
        }

        /// The slices added since the last call.
        Slices take() {
            Slices slices = new Slices(this);
            size = 0;
            return slices;
        }
    }

    int size() {
        return left.length;
    }

    float left(int i) {
        return left[i];
    }

    float right(int i) {
        return right[i];
    }

    /// Index of the slice's name, or of the name that took most of it.
    int name(int i) {
        return name[i];
    }

    /// Ordinal of its [org.moelab.app.theme.OperationKind].
    int kind(int i) {
        return kind[i];
    }

    /// Whether it stands for several events.
    boolean folded(int i) {
        return share[i] != WHOLE;
    }

    /// How high a folded slice is drawn in a bar: the higher, the busier, but never so low that it is missed.
    double height(int i, double barHeight) {
        return barHeight * HEIGHTS[share[i] & FULL];
    }
}
