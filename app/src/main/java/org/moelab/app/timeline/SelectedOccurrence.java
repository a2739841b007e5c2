package org.moelab.app.timeline;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.moelab.app.selection.Selection;
import org.moelab.traces.model.Trace;

/// Which of the events of its name the selected one is. Counted in the background; what was counted for an older selection is
/// dropped.
final class SelectedOccurrence {
    private final Executor background;
    private final Executor ui;
    private final ReadOnlyObjectWrapper<Optional<Occurrence>> occurrence = new ReadOnlyObjectWrapper<>(this,
            "occurrence", Optional.empty());
    /// Grows with every selection: nothing is counted for an older one.
    private final AtomicLong wanted = new AtomicLong();

    SelectedOccurrence(Selection selection, Executor background, Executor ui) {
        this.background = background;
        this.ui = ui;
        selection.eventProperty().subscribe(event -> {
            if (selection.recordingProperty().get().orElse(null) instanceof Trace trace) {
                count(trace, event);
            } else {
                drop();
            }
        });
    }

    /// Which one it is; empty while that is counted, and where none is selected.
    ReadOnlyObjectProperty<Optional<Occurrence>> property() {
        return occurrence.getReadOnlyProperty();
    }

    private void drop() {
        wanted.incrementAndGet();
        occurrence.set(Optional.empty());
    }

    private void count(Trace trace, OptionalInt event) {
        drop();
        long number = wanted.get();
        event.ifPresent(e -> background.execute(() -> {
            if (wanted.get() == number) {
                Occurrence counted = Occurrence.of(trace, e);
                ui.execute(() -> {
                    if (wanted.get() == number) {
                        occurrence.set(Optional.of(counted));
                    }
                });
            }
        }));
    }
}
