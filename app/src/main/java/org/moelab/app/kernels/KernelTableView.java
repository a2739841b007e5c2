package org.moelab.app.kernels;

import org.moelab.app.tables.TableColumns;
import java.util.Optional;

import javafx.collections.transformation.SortedList;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;

/// The kernel table: a click selects the kernel and its longest launch; what is selected elsewhere is marked here.
public final class KernelTableView extends TableView<KernelRow> {
    private final KernelTableViewModel model;
    private boolean following;

    /// Shows the model's rows.
    public KernelTableView(KernelTableViewModel model) {
        this.model = model;
        setId("kernel-table");
        setTableMenuButtonVisible(true);
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        Label nothing = new Label("No kernels or copies here.");
        nothing.getStyleClass().add("placeholder-text");
        setPlaceholder(nothing);
        SortedList<KernelRow> sorted = new SortedList<>(model.rows());
        sorted.comparatorProperty().bind(comparatorProperty());
        setItems(sorted);
        addColumns();
        getSelectionModel().selectedItemProperty().addListener((_, _, row) -> {
            if (row != null && !following) {
                model.select(row);
            }
        });
        model.selection().kernelProperty().subscribe(this::follow);
        model.captionProperty().subscribe(this::follow);
    }

    private void follow() {
        Optional<KernelRow> row = model.selected();
        following = true;
        try {
            if (row.isEmpty()) {
                getSelectionModel().clearSelection();
            } else if (!row.get().equals(getSelectionModel().getSelectedItem())) {
                getSelectionModel().select(row.get());
                TableScrolling.reveal(this, getSelectionModel().getSelectedIndex());
            }
        } finally {
            following = false;
        }
    }

    private void addColumns() {
        getColumns().add(TableColumns.name(r -> new TableColumns.Name(r.label(), r.name(), r.kind())));
        text("Kind", 116, "family of work, told from the kernel's name", r -> r.kind().label());
        figure("Calls", 54, 0, "events that overlap the shown time", r -> r.times().calls());
        TableColumn<KernelRow, Number> total = figure("Total ms", 84, 3,
                "sum of the events' time within the shown time; concurrent work adds up",
                r -> r.times().totalNs() / 1e6);
        figure("Share %", 56, 1, "total ÷ total of all device work", r -> r.share() * 100);
        figure("Min µs", 70, 2, "shortest duration", r -> r.times().minNs() / 1e3);
        figure("Median µs", 72, 2, "middle duration", r -> r.times().medianNs() / 1e3);
        figure("Mean µs", 70, 2, "mean duration", r -> r.times().averageNs() / 1e3);
        figure("p99 µs", 70, 2, "99th percentile of the durations, interpolated", r -> r.times().p99Ns() / 1e3);
        figure("Max µs", 70, 2, "longest duration", r -> r.times().maxNs() / 1e3);
        text("Grid × block", 100,
                "blocks × threads a block of most launches, and how many other configurations there are",
                KernelRow::launch);
        text("Stream", 56, "streams that it ran on", KernelRow::streams);
        total.setSortType(TableColumn.SortType.DESCENDING);
        getSortOrder().add(total);
    }

    private TableColumn<KernelRow, Number> figure(String title, double width, int decimals, String formula,
            java.util.function.ToDoubleFunction<KernelRow> value) {
        TableColumn<KernelRow, Number> column = TableColumns.figure(title, width, decimals, formula, value);
        getColumns().add(column);
        return column;
    }

    private void text(String title, double width, String explanation,
            java.util.function.Function<KernelRow, String> value) {
        getColumns().add(TableColumns.text(title, width, explanation, value));
    }
}
