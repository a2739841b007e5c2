package org.moelab.app.task;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Stands in for the JavaFX thread: the test's own thread runs what was queued.
public final class FxQueue implements Executor {
    private static final long PATIENCE_S = 20;

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable command) {
        queue.add(command);
    }

    /// Runs what comes until the condition holds.
    public void runUntil(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                Runnable next = queue.poll(PATIENCE_S, TimeUnit.SECONDS);
                if (next == null) {
                    fail("nothing came for " + PATIENCE_S + " s");
                } else {
                    next.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted", e);
        }
    }

    /// Runs what is queued by now.
    public void runQueued() {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }
}
