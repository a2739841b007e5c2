package org.moelab.app.timeline;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;

/// The selected part of the timeline and its sums. Its times are those of the shared selection: where another view
/// sets them, the part is all rows.
final class SelectedArea {
    private final Selection selection;
    private final Executor background;
    private final Executor ui;
    private final ReadOnlyObjectWrapper<Optional<Area>> area = new ReadOnlyObjectWrapper<>(this, "area",
            Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<AreaStatistics>> statistics = new ReadOnlyObjectWrapper<>(this,
            "statistics", Optional.empty());
    /// Grows with every part: sums of an older one are given up.
    private final AtomicLong wanted = new AtomicLong();
    private Optional<TimelineSource> source = Optional.empty();

    SelectedArea(Selection selection, Executor background, Executor ui) {
        this.selection = selection;
        this.background = background;
        this.ui = ui;
        selection.rangeProperty().subscribe(this::follow);
    }

    /// The part.
    ReadOnlyObjectProperty<Optional<Area>> areaProperty() {
        return area.getReadOnlyProperty();
    }

    /// Its sums; empty while they are made.
    ReadOnlyObjectProperty<Optional<AreaStatistics>> statisticsProperty() {
        return statistics.getReadOnlyProperty();
    }

    /// Takes another trace: no part of it is selected.
    void show(Optional<TimelineSource> shown) {
        source = shown;
        set(Optional.empty());
    }

    /// Selects a part.
    void select(Area part) {
        set(Optional.of(part));
        selection.rangeProperty().set(Optional.of(part.range()));
    }

    private void follow(Optional<TimeRange> range) {
        if (!area.get().map(Area::range).equals(range)) {
            set(source.flatMap(s -> range.map(r -> Area.ofAllRows(r, s.tree()))));
        }
    }

    private void set(Optional<Area> part) {
        area.set(part);
        long number = wanted.incrementAndGet();
        statistics.set(Optional.empty());
        if (part.isPresent() && source.isPresent()) {
            TimelineSource of = source.get();
            background.execute(() -> sum(of, part.get(), number));
        }
    }

    private void sum(TimelineSource of, Area part, long number) {
        try {
            AreaStatistics sums = AreaSums.of(of.trace(), of.kinds(), part.tracks(of.tree()), part.range(),
                    () -> wanted.get() != number);
            ui.execute(() -> {
                if (wanted.get() == number) {
                    statistics.set(Optional.of(sums));
                }
            });
        } catch (CancellationException _) {
            // another part is selected by now: its sums are on their way
        }
    }
}
