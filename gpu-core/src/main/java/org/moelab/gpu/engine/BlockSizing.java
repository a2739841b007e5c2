package org.moelab.gpu.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.kernels.KernelLibrary;

/// How many threads the blocks of simple kernels have: always as many, or as many as the shape and the device call for.
///
/// Simple kernels are those that walk a row with a block, or take an element a thread, whatever the block's size.
final class BlockSizing {
    /// Threads of a block where nothing is chosen.
    static final int PLAIN_THREADS = 256;

    private static final int WARP = 32;
    private static final int MIN_ROW_THREADS = 2 * WARP;

    private final KernelLibrary kernels;
    private final int multiprocessors;
    private final boolean chosen;
    private final Map<String, Occupancy> occupancies = new HashMap<>();

    /// What a device holds of a kernel.
    ///
    /// @param multiprocessors of the device
    /// @param maxThreads the most threads that a block of this kernel can have
    /// @param residentBlocks blocks that one multiprocessor holds at once, by threads of a block
    record Occupancy(int multiprocessors, int maxThreads, IntUnaryOperator residentBlocks) {}

    /// @param chosen whether sizes follow shape and device
    BlockSizing(KernelLibrary kernels, int multiprocessors, boolean chosen) {
        this.kernels = kernels;
        this.multiprocessors = multiprocessors;
        this.chosen = chosen;
    }

    /// The id of the technique that sizes blocks, empty where it is off.
    String technique() {
        return chosen ? "launch-sizing" : "";
    }

    /// A block a row.
    ///
    /// @param width what the threads of a block share out among them
    LaunchShape rows(String kernel, int rows, int width) {
        return LaunchShape.of(rows, threads(kernel, rows, width));
    }

    /// The threads of such a block.
    int threads(String kernel, int rows, int width) {
        return chosen ? rowThreads(rows, width, occupancy(kernel)) : PLAIN_THREADS;
    }

    /// A thread an element.
    LaunchShape elements(String kernel, long count) {
        int threads = chosen ? elementThreads(count, occupancy(kernel)) : PLAIN_THREADS;
        return LaunchShape.of(Math.toIntExact(Math.ceilDiv(count, threads)), threads);
    }

    private Occupancy occupancy(String kernel) {
        return occupancies.computeIfAbsent(kernel, name -> {
            CudaFunction function = kernels.function(name);
            return new Occupancy(multiprocessors, function.maxThreadsPerBlock(),
                    threads -> function.residentBlocks(threads, 0));
        });
    }

    /// The size that keeps most threads of a multiprocessor at useful work: the blocks that it holds, no more than the
    /// rows give it, times a block's threads, times the share of them that have an element in each round over the row. Few
    /// rows get large blocks that are done with a row in few rounds, many rows get what fills the chip. Of equals the
    /// smallest: its threads wait for fewer others.
    static int rowThreads(int rows, int width, Occupancy occupancy) {
        int share = Math.ceilDiv(rows, occupancy.multiprocessors());
        int best = MIN_ROW_THREADS;
        double bestWork = 0;
        int widest = Math.min(occupancy.maxThreads(), Math.ceilDiv(width, WARP) * WARP);
        for (int threads = MIN_ROW_THREADS; threads <= widest; threads += WARP) {
            int blocks = Math.min(share, occupancy.residentBlocks().applyAsInt(threads));
            double busy = width / (double) (Math.ceilDiv(width, threads) * threads);
            double work = blocks * threads * busy;
            if (work > bestWork * (1 + 1e-9)) {
                best = threads;
                bestWork = work;
            }
        }
        return best;
    }

    /// The size that keeps most threads of a multiprocessor resident, the largest of equals; but where there are too few
    /// elements for a block of that size on each multiprocessor, blocks small enough that each gets one.
    static int elementThreads(long count, Occupancy occupancy) {
        int best = WARP;
        int bestResident = 0;
        for (int threads = WARP; threads <= occupancy.maxThreads(); threads += WARP) {
            int resident = occupancy.residentBlocks().applyAsInt(threads) * threads;
            if (resident >= bestResident) {
                best = threads;
                bestResident = resident;
            }
        }
        long spread = Math.ceilDiv(Math.ceilDiv(count, occupancy.multiprocessors()), WARP) * WARP;
        return (int) Math.min(best, Math.max(WARP, spread));
    }
}
