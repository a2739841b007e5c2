package org.moelab.app.timeline;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Shares work out among the machine's cores.
final class Cores {
    private Cores() {
    }

    /// Does numbered pieces of work. Each core takes the next piece when it is done with one, so that none waits long for
    /// another with costlier ones, as it would with pieces dealt out beforehand.
    ///
    /// @param pieces how many
    /// @param worker makes what one core does its pieces with, one after the other
    static void share(int pieces, Supplier<IntConsumer> worker) {
        AtomicInteger next = new AtomicInteger();
        int workers = Math.min(pieces, ForkJoinPool.getCommonPoolParallelism() + 1);
        IntStream.range(0, workers).parallel().forEach(_ -> {
            IntConsumer work = worker.get();
            for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                work.accept(piece);
            }
        });
    }
}
