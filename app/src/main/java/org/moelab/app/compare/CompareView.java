package org.moelab.app.compare;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;
import org.kordamp.ikonli.javafx.FontIcon;
import org.moelab.app.figure.FigurePane;
import org.moelab.app.tables.TableColumns;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.traces.compare.Grouping;
import org.moelab.traces.compare.Row;
import org.moelab.traces.model.EventKind;

import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.SortedList;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

/// The two sides to choose, the waterfall from one to the other, and the rows as a table.
public final class CompareView extends VBox {
    private static final PseudoClass NOISE = PseudoClass.getPseudoClass("noise");
    private static final double CHART_SHARE = 0.5;

    private final CompareViewModel model;
    private final TableView<Row> table = new TableView<>();
    private boolean following;
    private boolean filling;

    /// Shows what the model follows.
    public CompareView(CompareViewModel model, ObservableValue<Palette> palette) {
        this.model = model;
        setId("compare");
        getStyleClass().add("compare");
        setMinSize(0, 0);
        StackPane chart = chart(palette);
        fillTable();
        VBox.setVgrow(table, Priority.ALWAYS);
        chart.prefHeightProperty().bind(heightProperty().multiply(CHART_SHARE));
        getChildren().addAll(choices(), chart, table);
    }

    private StackPane chart(ObservableValue<Palette> palette) {
        StackPane chart = new StackPane();
        chart.setMinSize(0, 0);
        chart.setCursor(Cursor.HAND);
        chart.setAccessibleText("Device time from A to B as a waterfall; the table lists its rows");
        chart.setOnMouseClicked(e -> model.figureProperty().getValue()
                .flatMap(f -> f.rowAt(e.getY(), chart.getHeight())).ifPresent(model::select));
        Label why = new Label();
        why.getStyleClass().add("placeholder-text");
        why.textProperty().bind(model.captionProperty());
        chart.getChildren().add(why);
        model.figureProperty().subscribe(now -> {
            if (now.isEmpty()) {
                chart.getChildren().setAll(why);
            } else if (chart.getChildren().contains(why)) {
                chart.getChildren()
                        .setAll(new FigurePane(model.figureProperty().map(f -> f.orElse(now.get())), palette));
            }
        });
        return chart;
    }

    private Node choices() {
        Button swap = new Button("Swap", new FontIcon(BootstrapIcons.ARROW_LEFT_RIGHT));
        swap.setId("compare-swap");
        swap.getStyleClass().add("quiet");
        swap.setMinWidth(Region.USE_PREF_SIZE);
        swap.setTooltip(new Tooltip("Exchange A and B: every sign turns"));
        swap.setOnAction(_ -> model.swap());
        TextField filter = new TextField();
        filter.setId("compare-filter");
        filter.setPromptText("Filter: words");
        filter.setAccessibleText("Filter rows by words of names, ranges and changes");
        filter.getStyleClass().add("small-field");
        filter.setPrefWidth(170);
        filter.textProperty().bindBidirectional(model.filterProperty());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox line = new HBox(caption("A"), side("compare-a", "A: what is compared with", model.aProperty(),
                model::chooseA), swap, caption("B"),
                side("compare-b", "B: what is compared", model.bProperty(), model::chooseB), gap, groupings(), filter);
        line.getStyleClass().add("compare-choices");
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private static Label caption(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("panel-title");
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private Node side(String id, String accessible, ObservableValue<Optional<Side>> shown, Consumer<Side> choose) {
        ComboBox<Side> box = new ComboBox<>();
        box.setId(id);
        box.setAccessibleText(accessible);
        box.setTooltip(new Tooltip(accessible));
        box.setPrefWidth(190);
        box.setConverter(new SideNames());
        Runnable fill = () -> {
            filling = true;
            try {
                box.getItems().setAll(model.sides());
                shown.getValue().ifPresentOrElse(box::setValue, () -> box.setValue(null));
            } finally {
                filling = false;
            }
        };
        model.sides().addListener((ListChangeListener<Side>) _ -> fill.run());
        shown.subscribe(_ -> fill.run());
        box.valueProperty().addListener((_, _, now) -> {
            if (now != null && !filling) {
                choose.accept(now);
            }
        });
        return box;
    }

    private Node groupings() {
        HBox line = new HBox();
        line.setAlignment(Pos.CENTER_LEFT);
        ToggleGroup group = new ToggleGroup();
        for (Grouping by : Grouping.values()) {
            ToggleButton button = new ToggleButton("by " + CompareFigure.by(by));
            button.setId("compare-by-" + by.name().toLowerCase(java.util.Locale.ROOT));
            button.getStyleClass().setAll("layer-chip");
            button.setToggleGroup(group);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setSelected(by == model.groupingProperty().get());
            button.setOnAction(_ -> {
                button.setSelected(true);
                model.groupingProperty().set(by);
            });
            line.getChildren().add(button);
        }
        return line;
    }

    private void fillTable() {
        table.setId("compare-table");
        table.setMinHeight(0);
        table.setAccessibleText("Rows of the comparison: what became of them, calls and time in A and B, difference");
        Label nothing = new Label("No rows here.");
        nothing.getStyleClass().add("placeholder-text");
        table.setPlaceholder(nothing);
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        SortedList<Row> sorted = new SortedList<>(model.rows());
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        TableColumn<Row, TableColumns.Name> name = TableColumns.name("Name",
                "names in A and B; the whole names show on hover", this::name);
        name.setPrefWidth(320);
        TableColumn<Row, String> change = TableColumns.text("Change", 104, "what became of it from A to B",
                CompareFigure::change);
        change.getStyleClass().add("signs");
        table.getColumns().setAll(List.of(name, change,
                TableColumns.figure("Calls A", 60, 0, "pieces of work in A", r -> (double) r.a().calls()),
                TableColumns.figure("Calls B", 62, 0, "pieces of work in B", r -> (double) r.b().calls()),
                TableColumns.figure("A (ms)", 80, 3, "sum of their durations in A", r -> r.a().totalNs() / 1e6),
                TableColumns.figure("B (ms)", 80, 3, "sum of their durations in B", r -> r.b().totalNs() / 1e6),
                TableColumns.figure("Δ (ms)", 80, 3, "B − A; all rows sum to the difference of the device times",
                        r -> r.deltaNs() / 1e6),
                TableColumns.figure("Δ share (%)", 86, 1, "Δ ÷ the whole difference", model::share),
                TableColumns.text("Matched by", 92, "what the sides were recognised by", r -> r.matchedBy().title()),
                TableColumns.text("Ranges", 150, "the ranges that the work lies in",
                        r -> String.join(" | ", r.paths()))));
        table.setRowFactory(_ -> new NoiseRow());
        table.getSelectionModel().selectedItemProperty().addListener((_, _, row) -> {
            if (row != null && !following) {
                model.select(row);
            }
        });
        model.kernelProperty().subscribe(_ -> follow());
        model.comparisonProperty().subscribe(_ -> follow());
    }

    private TableColumns.Name name(Row row) {
        Grouping by = model.groupingProperty().get();
        String first = row.namesA().isEmpty() ? row.namesB().getFirst() : row.namesA().getFirst();
        return new TableColumns.Name(CompareFigure.label(row, by), row.name(), by == Grouping.KERNEL
                ? OperationKind.of(EventKind.KERNEL, first)
                : OperationKind.OTHER);
    }

    private void follow() {
        following = true;
        try {
            model.selected().ifPresentOrElse(table.getSelectionModel()::select,
                    table.getSelectionModel()::clearSelection);
        } finally {
            following = false;
        }
    }

    private static final class NoiseRow extends TableRow<Row> {
        @Override
        protected void updateItem(Row row, boolean empty) {
            super.updateItem(row, empty);
            pseudoClassStateChanged(NOISE, row != null && !empty && CompareFigure.isNoise(row));
        }
    }

    private static final class SideNames extends StringConverter<Side> {
        @Override
        public String toString(Side side) {
            return side == null ? "" : side.name();
        }

        @Override
        public Side fromString(String name) {
            throw new UnsupportedOperationException("sides are chosen, not typed");
        }
    }
}
