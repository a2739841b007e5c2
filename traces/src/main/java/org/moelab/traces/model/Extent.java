package org.moelab.traces.model;

/// A size in three dimensions, of a grid in blocks or of a block in threads.
public record Extent(long x, long y, long z) {
    /// Stands for a size that is not known.
    public static final Extent UNKNOWN = new Extent(0, 0, 0);

    /// All elements.
    public long count() {
        return x * y * z;
    }

    /// Such as `196x1x1`.
    @Override
    public String toString() {
        return x + "x" + y + "x" + z;
    }
}
