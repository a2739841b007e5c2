package org.moelab.gpu.engine;

import java.util.List;
import java.util.function.IntUnaryOperator;

/// How many warps a block of a matrix-vector kernel has: the kernels take any of these.
final class WarpCount {
    /// Without a choice.
    static final int USUAL = 8;
    /// The usual one first: another must be better to be chosen.
    private static final List<Integer> CANDIDATES = List.of(USUAL, 4, 16);

    private WarpCount() {
    }

    /// The count that fills a device best.
    ///
    /// A candidate's worth is how many of its warps a multiprocessor holds at once, if there are as many, times how evenly its blocks spread: the
    /// warps that there are over those that there would be if every multiprocessor did as much as the busiest.
    ///
    /// @param warps work, in warps, of one row of the grid
    /// @param gridRows rows of the grid
    /// @param multiprocessors of the device
    /// @param residentBlocks blocks that one multiprocessor holds, by the warps of a block
    static int filling(int warps, int gridRows, int multiprocessors, IntUnaryOperator residentBlocks) {
        int best = USUAL;
        long toHold = ((long) warps * gridRows + multiprocessors - 1) / multiprocessors;
        double bestWorth = 0;
        for (int candidate : CANDIDATES) {
            long blocks = (long) blocks(warps, candidate) * gridRows;
            long busiest = (blocks + multiprocessors - 1) / multiprocessors * candidate;
            double even = (double) warps * gridRows / (busiest * multiprocessors);
            long held = Math.min((long) residentBlocks.applyAsInt(candidate) * candidate, toHold);
            if (held * even > bestWorth) {
                bestWorth = held * even;
                best = candidate;
            }
        }
        return best;
    }

    /// Blocks of so many warps for so much work.
    static int blocks(int warps, int warpsABlock) {
        return (warps + warpsABlock - 1) / warpsABlock;
    }
}
