package org.moelab.gpu.bench;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Whether threads may put work in at the same time: where their sessions share one stream, one after the other.
final class Turns {
    private final boolean alone;
    private final ReentrantLock lock = new ReentrantLock(true);

    /// @param alone whether one thread at a time may put work in
    Turns(boolean alone) {
        this.alone = alone;
    }

    <T> T take(Supplier<T> work) {
        if (!alone) {
            return work.get();
        }
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void run(Runnable work) {
        take(() -> {
            work.run();
            return true;
        });
    }
}
