package org.moelab.app.task;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.moelab.traces.model.ImportMonitor;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/// Work on a virtual thread whose progress shows in properties and whose outcome comes back on the JavaFX thread.
/// Once cancelled it is silent: neither a result nor a failure comes, however late the work ends.
///
/// @param <T> what the work gives
public final class BackgroundTask<T> {
    /// What is done in the background.
    ///
    /// @param <T> what it gives
    @FunctionalInterface
    public interface Work<T> {
        /// @param monitor hears of progress; the work stops with a [CancellationException] where it says so
        T run(ImportMonitor monitor) throws TaskFailedException;
    }

    /// What becomes of the outcome, on the JavaFX thread.
    ///
    /// @param done receives the result
    /// @param failed receives a [TaskFailedException], or whatever unforeseen the work ended with
    public record Outcome<T>(Consumer<? super T> done, Consumer<? super Throwable> failed) {}

    private record Progress(double fraction, String phase) {}

    private final String title;
    private final Executor fxThread;
    private final Outcome<T> outcome;
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", Double.NaN);
    private final ReadOnlyStringWrapper phase = new ReadOnlyStringWrapper(this, "phase", "");
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running", true);
    private final AtomicReference<Progress> pending = new AtomicReference<>();
    private volatile boolean cancelled;

    private BackgroundTask(String title, Executor fxThread, Outcome<T> outcome) {
        this.title = title;
        this.fxThread = fxThread;
        this.outcome = outcome;
    }

    /// Starts work. Call on the JavaFX thread.
    ///
    /// @param title what is being done, for people
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    public static <T> BackgroundTask<T> start(String title, Executor fxThread, Work<T> work, Outcome<T> outcome) {
        BackgroundTask<T> task = new BackgroundTask<>(title, fxThread, outcome);
        Thread.ofVirtual().name(title)
                .uncaughtExceptionHandler((_, unforeseen) -> task.finish(() -> outcome.failed().accept(unforeseen)))
                .start(() -> task.run(work));
        return task;
    }

    private void run(Work<T> work) {
        try {
            T result = work.run(new Monitor());
            finish(() -> outcome.done().accept(result));
        } catch (TaskFailedException e) {
            finish(() -> outcome.failed().accept(e));
        } catch (CancellationException _) {
            finish(() -> {
            });
        }
    }

    private void finish(Runnable report) {
        fxThread.execute(() -> {
            if (!cancelled) {
                running.set(false);
                report.run();
            }
        });
    }

    /// Stops the work at its next look at the monitor and drops whatever it gives. Call on the JavaFX thread.
    public void cancel() {
        cancelled = true;
        running.set(false);
    }

    /// What is being done.
    public String title() {
        return title;
    }

    /// How much is done, 0 to 1, or NaN where it cannot be told.
    public ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /// The part of the work that is being done.
    public ReadOnlyStringProperty phaseProperty() {
        return phase.getReadOnlyProperty();
    }

    /// Whether an outcome may still come.
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /// Passes progress on at most once a pulse of the JavaFX thread, however often the work reports it.
    private final class Monitor implements ImportMonitor {
        @Override
        public void update(double fraction, String phaseNow) {
            if (pending.getAndSet(new Progress(fraction, phaseNow)) == null) {
                fxThread.execute(() -> {
                    Progress latest = pending.getAndSet(null);
                    if (latest != null && running.get()) {
                        progress.set(latest.fraction);
                        phase.set(latest.phase);
                    }
                });
            }
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
