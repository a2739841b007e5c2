package org.moelab.app.task;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;

/// Work of which only the newest start counts: starting again cancels what runs, so that a stale result never shows.
/// For the JavaFX thread.
///
/// @param <T> what the work gives
public final class LatestTask<T> {
    private final Executor fxThread;
    private final Consumer<? super Throwable> failed;
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running", false);
    private Optional<BackgroundTask<T>> current = Optional.empty();

    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param failed hears of every failure of work that was not superseded
    public LatestTask(Executor fxThread, Consumer<? super Throwable> failed) {
        this.fxThread = fxThread;
        this.failed = failed;
    }

    /// Starts work in place of any that runs.
    public void start(String title, BackgroundTask.Work<T> work, Consumer<? super T> done) {
        cancel();
        running.set(true);
        current = Optional.of(BackgroundTask.start(title, fxThread, work, new BackgroundTask.Outcome<>(result -> {
            running.set(false);
            done.accept(result);
        }, failure -> {
            running.set(false);
            failed.accept(failure);
        })));
    }

    /// Stops what runs, if anything does.
    public void cancel() {
        current.ifPresent(BackgroundTask::cancel);
        current = Optional.empty();
        running.set(false);
    }

    /// Whether a result is awaited.
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }
}
