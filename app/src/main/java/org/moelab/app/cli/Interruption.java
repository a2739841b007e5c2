package org.moelab.app.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// While open, Ctrl-C asks the work to stop and waits a moment for it to take back what is half written.
final class Interruption implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;

    private static volatile boolean ending;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "interruption");
    private final Runnable last;
    private volatile boolean asked;

    private Interruption(Runnable last) {
        this.last = last;
    }

    /// Listens from now on.
    static Interruption listen() {
        return listen(() -> {
        });
    }

    /// Listens from now on.
    ///
    /// @param last what is done before the process ends though the work goes on
    static Interruption listen(Runnable last) {
        Interruption interruption = new Interruption(last);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /// Whether the work should stop.
    boolean asked() {
        return asked;
    }

    /// Whether this process is being ended while work was going on: what libraries refuse to do from then on is nobody's fault.
    static boolean isEnding() {
        return ending;
    }

    private void interrupt() {
        asked = true;
        ending = true;
        try {
            // after that the process ends all the same, and what is half written goes with it
            if (!finished.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                last.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending: the hook is the one that asked
        }
    }
}
