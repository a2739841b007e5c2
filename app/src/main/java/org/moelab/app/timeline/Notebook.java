package org.moelab.app.timeline;

import java.util.Optional;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.moelab.traces.model.Trace;

/// The annotations of the trace that is shown, kept with every change.
final class Notebook {
    private final Annotations.Store store;
    private final ReadOnlyObjectWrapper<Annotations> annotations = new ReadOnlyObjectWrapper<>(this, "annotations",
            Annotations.NONE);
    private Optional<String> recording = Optional.empty();
    /// The mark gone to last.
    private Optional<Mark> last = Optional.empty();

    Notebook(Annotations.Store store) {
        this.store = store;
    }

    ReadOnlyObjectProperty<Annotations> property() {
        return annotations.getReadOnlyProperty();
    }

    /// Takes another trace.
    void show(Optional<Trace> trace) {
        recording = trace.map(TraceIdentity::of);
        last = Optional.empty();
        annotations.set(recording.map(store::of).orElse(Annotations.NONE));
    }

    void set(Annotations now) {
        annotations.set(now);
        recording.ifPresent(r -> store.keep(r, now));
    }

    /// Writes another note beside a mark.
    void note(Mark mark, String text) {
        if (annotations.get().marks().contains(mark)) {
            set(annotations.get().without(mark).with(mark.noted(text.strip())));
        }
    }

    /// The next or the previous mark: from the one gone to last where that is in view, else from the middle of the view.
    ///
    /// @param step 1 or -1
    Optional<Mark> neighbour(int step, double fromNs, double toNs) {
        double here = last.map(m -> (double) m.timeNs()).filter(t -> t >= fromNs && t <= toNs)
                .orElse((fromNs + toNs) / 2);
        Optional<Mark> found = step > 0 ? annotations.get().after(here) : annotations.get().before(here);
        last = found.or(() -> last);
        return found;
    }
}
