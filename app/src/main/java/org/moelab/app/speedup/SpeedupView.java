package org.moelab.app.speedup;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.FigurePane;
import org.moelab.app.run.OperationGains;
import org.moelab.app.run.OperationGains.Part;
import org.moelab.app.run.OperationGains.Row;
import org.moelab.app.run.TransformerLayers.TransformerLayer;
import org.moelab.app.tables.TableColumns;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;

import javafx.application.Platform;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.control.Label;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The waterfall and the bars, and below them what each family and operation gained.
public final class SpeedupView extends VBox {
    private static final int LEAF = 8;
    private static final int ABOVE = 2;
    private static final PseudoClass SUM = PseudoClass.getPseudoClass("sum");
    private static final double CHART_SHARE = 0.46;

    private final SpeedupViewModel model;
    private final TransformerLayersViewModel transformer;
    private final TableView<Row> table = new TableView<>();
    private boolean following;
    private int top;

    /// Shows what the models follow.
    public SpeedupView(SpeedupViewModel model, TransformerLayersViewModel transformer,
            ObservableValue<Palette> palette) {
        this.model = model;
        this.transformer = transformer;
        setId("speedup");
        getStyleClass().add("speedup");
        StackPane chart = chart(model.figureProperty(), "Time by layer as a waterfall, and speedups", palette);
        chart.setOnMouseClicked(e -> model.figureProperty().getValue()
                .flatMap(f -> f.layerAt(e.getX(), chart.getWidth())).ifPresent(model::select));
        StackPane layers = chart(transformer.figureProperty(), "Time by transformer layer, before and after", palette);
        layers.setId("transformer-layers");
        layers.setOnMouseClicked(e -> transformer.figureProperty().get()
                .flatMap(f -> f.layerAt(e.getX(), layers.getWidth())).ifPresent(l -> mark(l.number())));
        chart.visibleProperty().bind(transformer.activeProperty().not());
        layers.visibleProperty().bind(transformer.activeProperty());
        StackPane charts = new StackPane(chart, layers);
        charts.setMinSize(0, 0);
        charts.prefHeightProperty().bind(heightProperty().multiply(CHART_SHARE));
        table.setId("operations");
        table.setMinHeight(0);
        Label nothing = new Label();
        nothing.getStyleClass().add("placeholder-text");
        nothing.setWrapText(true);
        nothing.textProperty().bind(transformer.activeProperty()
                .flatMap(t -> t ? transformer.captionProperty() : model.gainsCaptionProperty()));
        table.setPlaceholder(nothing);
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setAccessibleText("Operations: time in the reference layer, in the selected layer, and saved");
        table.getColumns().setAll(List.of(
                TableColumns.name("Family and operation", "families with their operations below", SpeedupView::name),
                TableColumns.figure("Reference (ms)", 110, 4, "time a captured step in the reference layer",
                        r -> r.beforeMs().orElse(Double.NaN)),
                TableColumns.figure("Selected (ms)", 110, 4, "time a captured step in the selected layer",
                        r -> r.afterMs().orElse(Double.NaN)),
                TableColumns.figure("Saved (ms)", 100, 4,
                        "reference − selected; families, rest and idle sum to the step",
                        Row::savedMs),
                TableColumns.figure("Faster (×)", 90, 2, "reference over selected, where both have such work",
                        r -> r.beforeMs().flatMap(b -> r.afterMs().filter(a -> a > 0 && b > 0).map(a -> b / a))
                                .orElse(Double.NaN)),
                TableColumns.text("Implementation", 340, "what ran it in the reference and in the selected layer",
                        Row::implementation)));
        table.getColumns().forEach(c -> c.setSortable(false));
        table.setRowFactory(_ -> new GainRow());
        table.addEventFilter(KeyEvent.KEY_PRESSED, this::turn);
        VBox.setVgrow(table, Priority.ALWAYS);
        getChildren().addAll(charts, heading(), table);
        model.gainsProperty().subscribe(_ -> fill());
        transformer.rowsProperty().subscribe(_ -> fill());
        transformer.activeProperty().subscribe(_ -> fill());
        model.operationProperty().subscribe(_ -> follow());
        table.getSelectionModel().selectedItemProperty().addListener((_, _, chosen) -> {
            if (!following && chosen != null) {
                model.selectOperation(chosen.part() == Part.OPERATION ? Optional.of(chosen.name()) : Optional.empty());
            }
        });
    }

    private static <F extends Figure> StackPane chart(ObservableValue<Optional<F>> figure, String words,
            ObservableValue<Palette> palette) {
        StackPane chart = new StackPane();
        chart.setMinSize(0, 0);
        chart.setCursor(Cursor.HAND);
        chart.setAccessibleText(words);
        figure.subscribe(now -> {
            if (now.isPresent() && chart.getChildren().isEmpty()) {
                chart.getChildren().add(new FigurePane(figure.map(f -> f.orElse(now.get())), palette));
            } else if (now.isEmpty()) {
                chart.getChildren().clear();
            }
        });
        return chart;
    }

    /// What the table is of, chosen by buttons, and what it shows.
    private HBox heading() {
        Label caption = new Label();
        caption.getStyleClass().add("panel-caption");
        caption.textProperty().bind(transformer.activeProperty()
                .flatMap(t -> t ? transformer.captionProperty() : model.gainsCaptionProperty()));
        HBox heading = new HBox(part("Operations", false), part("Transformer layers", true), caption);
        heading.getStyleClass().add("panel-heading");
        heading.setAlignment(Pos.CENTER_LEFT);
        return heading;
    }

    private ToggleButton part(String title, boolean layers) {
        ToggleButton button = new ToggleButton(title);
        button.setId("speedup-" + (layers ? "transformer-layers" : "operations"));
        button.getStyleClass().add("quiet");
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(_ -> {
            transformer.activeProperty().set(layers);
            button.setSelected(true);
        });
        transformer.activeProperty().subscribe(now -> button.setSelected(now == layers));
        return button;
    }

    private void fill() {
        following = true;
        try {
            table.getItems().setAll(transformer.activeProperty().get()
                    ? transformer.rowsProperty().getValue()
                    : model.gainsProperty().getValue().map(OperationGains::rows).orElse(List.of()));
        } finally {
            following = false;
        }
        top = 0;
        follow();
    }

    /// Marks a transformer layer, and shows its operations.
    private void mark(int number) {
        transformer.markedProperty().set(OptionalInt.of(number));
        String name = transformer.figureProperty().get().stream().flatMap(f -> f.between().layers().stream())
                .filter(l -> l.number() == number).map(TransformerLayer::name).findFirst().orElse("");
        table.getItems().stream().filter(r -> r.part() == Part.FAMILY && r.name().equals(name)).findFirst()
                .ifPresent(table::scrollTo);
    }

    private static TableColumns.Name name(Row row) {
        OperationKind kind = switch (row.part()) {
            case IDLE, REST, STEP -> OperationKind.IDLE;
            case FAMILY, OPERATION -> OperationKind.ofLabel(row.family()).orElse(OperationKind.OTHER);
        };
        return new TableColumns.Name((row.part() == Part.OPERATION ? "    " : "") + row.name(), row.name(), kind);
    }

    /// A selection would choose an operation for every page; turning the leaves only scrolls.
    private void turn(KeyEvent event) {
        int step = event.getCode() == KeyCode.PAGE_DOWN ? LEAF : event.getCode() == KeyCode.PAGE_UP ? -LEAF : 0;
        if (step != 0) {
            top = Math.clamp((long) top + step, 0, Math.max(0, table.getItems().size() - 1));
            table.scrollTo(top);
            event.consume();
        }
    }

    private void follow() {
        Optional<String> operation = model.operationProperty().getValue();
        Row chosen = table.getSelectionModel().getSelectedItem();
        // each transformer layer has the operation: the one that was chosen stays
        if (chosen != null && chosen.part() == Part.OPERATION && operation.filter(chosen.name()::equals).isPresent()) {
            return;
        }
        // keys go through the sums, too
        if (chosen != null && chosen.part() != Part.OPERATION && operation.isEmpty()) {
            return;
        }
        following = true;
        try {
            table.getItems().stream()
                    .filter(r -> r.part() == Part.OPERATION && operation.filter(r.name()::equals).isPresent())
                    .findFirst()
                    .ifPresentOrElse(this::mark, table.getSelectionModel()::clearSelection);
        } finally {
            following = false;
        }
    }

    /// Where a row was chosen elsewhere it has to be seen, with the family that it belongs to.
    private void mark(Row row) {
        table.getSelectionModel().select(row);
        table.getFocusModel().focus(table.getSelectionModel().getSelectedIndex());
        int first = Math.max(0, table.getSelectionModel().getSelectedIndex() - ABOVE);
        Platform.runLater(() -> table.scrollTo(first)); // a page that is new is not laid out yet
    }

    private static final class GainRow extends TableRow<Row> {
        @Override
        protected void updateItem(Row row, boolean empty) {
            super.updateItem(row, empty);
            pseudoClassStateChanged(SUM, row != null && !empty && row.part() != Part.OPERATION);
        }
    }
}
