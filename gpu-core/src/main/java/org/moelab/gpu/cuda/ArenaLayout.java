package org.moelab.gpu.cuda;

/// Where pieces lie within one allocation: one after the other, each at an address that `cuMemAlloc` could have given.
final class ArenaLayout {
    /// What the driver aligns allocations to, and the largest vector or tensor core load needs.
    static final long ALIGNMENT = 256;

    private long bytes;

    /// Adds a piece.
    ///
    /// @return where it begins
    long reserve(long size) {
        if (size <= 0) {
            throw new IllegalArgumentException("a piece of " + size + " bytes");
        }
        long at = bytes;
        bytes = Math.multiplyExact(Math.ceilDiv(Math.addExact(bytes, size), ALIGNMENT), ALIGNMENT);
        return at;
    }

    /// What all pieces take, the gaps between them included.
    long bytes() {
        return bytes;
    }
}
