package org.moelab.app.timeline;

import java.util.Arrays;

/// The slices of one bar, in columns: where each lies, its name and family, and how busy it is.
final class Slices {
    /// The share of a slice that is one event.
    static final short WHOLE = -1;
    /// The share of a slice of several events that are busy without a break.
    static final int FULL = 255;

    /// The least height of a folded slice, as a part of its bar's.
    private static final double LOWEST = 0.35;

    private int size;
    private float[] left = new float[256];
    private float[] right = new float[256];
    private int[] name = new int[256];
    private byte[] kind = new byte[256];
    private short[] share = new short[256];

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

    int size() {
        return size;
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
        return share[i] == WHOLE ? barHeight : barHeight * (LOWEST + (1 - LOWEST) * share[i] / FULL);
    }
}
