package org.moelab.app.selection;

import java.util.Optional;
import java.util.OptionalInt;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;

/// The one selection that every view reads and writes; views never call each other.
/// Changing the recording clears the rest; selecting an event that is work on a device selects its kernel too.
/// For the JavaFX thread; usable without a toolkit.
public final class Selection {
    private final ObjectProperty<Optional<Recording>> recording = new SimpleObjectProperty<>(this, "recording",
            Optional.empty());
    private final ObjectProperty<OptionalInt> event = new SimpleObjectProperty<>(this, "event", OptionalInt.empty());
    private final ObjectProperty<Optional<TimeRange>> range = new SimpleObjectProperty<>(this, "range",
            Optional.empty());
    private final ObjectProperty<Optional<String>> kernel = new SimpleObjectProperty<>(this, "kernel",
            Optional.empty());

    private final ObjectProperty<Optional<StoredRun>> run = new SimpleObjectProperty<>(this, "run", Optional.empty());
    private final ObjectProperty<Optional<String>> layer = new SimpleObjectProperty<>(this, "layer",
            Optional.empty());
    private final ObjectProperty<Optional<String>> reference = new SimpleObjectProperty<>(this, "reference",
            Optional.empty());
    private final ObjectProperty<RunPhase> phase = new SimpleObjectProperty<>(this, "phase", RunPhase.DECODE);
    private final ObjectProperty<Optional<String>> operation = new SimpleObjectProperty<>(this, "operation",
            Optional.empty());

    /// Nothing selected.
    public Selection() {
        run.subscribe(now -> {
            operation.set(Optional.empty());
            reference.set(now.map(r -> r.layers().getFirst().layer()));
            layer.set(now.map(r -> r.top().layer()));
        });
        recording.subscribe(() -> {
            event.set(OptionalInt.empty());
            range.set(Optional.empty());
            kernel.set(Optional.empty());
        });
        event.subscribe(e -> {
            if (e.isPresent() && recording.get().orElse(null) instanceof Trace trace
                    && trace.kind(e.getAsInt()).isDeviceWork()) {
                kernel.set(Optional.of(trace.name(e.getAsInt())));
            }
        });
    }

    /// The recording looked at.
    public ObjectProperty<Optional<Recording>> recordingProperty() {
        return recording;
    }

    /// The event selected in it: an index into its columns; in a kernel report the index of the kernel.
    public ObjectProperty<OptionalInt> eventProperty() {
        return event;
    }

    /// The time range selected in it.
    public ObjectProperty<Optional<TimeRange>> rangeProperty() {
        return range;
    }

    /// The kernel selected in it, by name: every view marks all its launches.
    public ObjectProperty<Optional<String>> kernelProperty() {
        return kernel;
    }

    /// The run directory looked at. Changing it selects its highest layer against its lowest.
    public ObjectProperty<Optional<StoredRun>> runProperty() {
        return run;
    }

    /// The layer of the run that is looked at, by id; empty only where there is no run.
    public ObjectProperty<Optional<String>> layerProperty() {
        return layer;
    }

    /// The layer of the run that the other is held against, by id.
    public ObjectProperty<Optional<String>> referenceProperty() {
        return reference;
    }

    /// The phase of the run that is looked at.
    public ObjectProperty<RunPhase> phaseProperty() {
        return phase;
    }

    /// The operation of the run that is selected, by name: every view marks it.
    public ObjectProperty<Optional<String>> operationProperty() {
        return operation;
    }
}
