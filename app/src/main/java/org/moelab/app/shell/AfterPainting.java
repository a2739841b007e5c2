package org.moelab.app.shell;

import java.util.concurrent.Executor;

import javafx.animation.AnimationTimer;

/// Runs on the JavaFX thread what can wait until the window has painted what it holds now. Until then painting has the
/// processor to itself: on two cores whatever runs beside it makes the window come later.
final class AfterPainting implements Executor {
    /// In the first pulse the change is laid out, in the second it is painted, and the third begins when that is done.
    private static final int PULSES = 3;

    @Override
    public void execute(Runnable task) {
        new AnimationTimer() {
            private int pulses;

            @Override
            public void handle(long now) {
                pulses++;
                if (pulses == PULSES) {
                    stop();
                    task.run();
                }
            }
        }.start();
    }
}
