package org.moelab.app.shell;

import org.moelab.app.tables.TableColumns;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.app.selection.Selection;
import org.moelab.app.timeline.AreaStatistics;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.Unit;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;

/// The sums of the part of the timeline that is selected, by name.
final class AreaView extends TableView<AreaStatistics.Entry> {
    private final ObservableValue<String> caption;

    AreaView(ReadOnlyObjectProperty<Optional<AreaStatistics>> area, Selection selection) {
        setId("area-table");
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        Label hint = new Label("Drag over the timeline to select an area: its sums by name appear here.");
        hint.getStyleClass().add("placeholder-text");
        setPlaceholder(hint);
        addColumns();
        area.subscribe(now -> getItems().setAll(now.map(AreaStatistics::entries).orElse(List.of())));
        caption = area.map(now -> now.map(AreaView::describe).orElse(""));
        getSelectionModel().selectedItemProperty().addListener((_, _, entry) -> {
            if (entry != null) {
                selection.eventProperty().set(OptionalInt.empty());
                selection.kernelProperty().set(Optional.of(entry.name()));
            }
        });
    }

    private static String describe(AreaStatistics area) {
        return Unit.NANOSECONDS.format(area.range().lengthNs()) + " selected on " + Unit.counted(area.rows(), "row")
                + " · " + Unit.counted(area.count(), area.deviceWork() ? "device event" : "event") + " · "
                + Unit.NANOSECONDS.format(area.busyNs()) + " busy, " + Unit.NANOSECONDS.format(area.idleNs())
                + " idle";
    }

    /// What area it is of, and how busy that is.
    ObservableValue<String> caption() {
        return caption;
    }

    private void addColumns() {
        getColumns().add(TableColumns.name(e -> new TableColumns.Name(FunctionName.parse(e.name()).label(), e.name(),
                e.family())));
        getColumns().add(TableColumns.text("Kind", 116, "what the recording says that the events are",
                e -> e.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        getColumns().add(TableColumns.figure("Events", 60, 0, "events that touch the area", e -> (double) e.count()));
        getColumns().add(
                TableColumns.figure("Total ms", 76, 3, "their time inside the area", e -> e.totalNs() / 1e6));
        getColumns().add(TableColumns.figure("Share %", 64, 1, "total ÷ total of all rows of this table",
                e -> e.share() * 100));
        getColumns().add(TableColumns.figure("Min µs", 70, 2, "the shortest, in whole", e -> e.minNs() / 1e3));
        getColumns().add(TableColumns.figure("Mean µs", 70, 2, "mean duration, in whole", e -> e.meanNs() / 1e3));
        getColumns().add(TableColumns.figure("Max µs", 70, 2, "the longest, in whole", e -> e.maxNs() / 1e3));
    }
}
