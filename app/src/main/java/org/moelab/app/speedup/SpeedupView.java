package org.moelab.app.speedup;

import java.util.List;
import java.util.Optional;

import org.moelab.app.figure.FigurePane;
import org.moelab.app.run.OperationGains;
import org.moelab.app.run.OperationGains.Part;
import org.moelab.app.run.OperationGains.Row;
import org.moelab.app.tables.TableColumns;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;

import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.scene.Cursor;
import javafx.scene.control.Label;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The waterfall and the bars, and below them what each family and operation gained.
public final class SpeedupView extends VBox {
    private static final PseudoClass SUM = PseudoClass.getPseudoClass("sum");
    private static final double CHART_SHARE = 0.46;

    private final SpeedupViewModel model;
    private final TableView<Row> table = new TableView<>();
    private boolean following;

    /// Shows what the model follows.
    public SpeedupView(SpeedupViewModel model, ObservableValue<Palette> palette) {
        this.model = model;
        setId("speedup");
        getStyleClass().add("speedup");
        StackPane chart = new StackPane();
        chart.setMinSize(0, 0);
        chart.setCursor(Cursor.HAND);
        chart.setAccessibleText("Time by layer as a waterfall, and speedups");
        chart.prefHeightProperty().bind(heightProperty().multiply(CHART_SHARE));
        chart.setOnMouseClicked(e -> model.figureProperty().getValue()
                .flatMap(f -> f.layerAt(e.getX(), chart.getWidth())).ifPresent(model::select));
        Label title = new Label("OPERATIONS");
        title.getStyleClass().add("panel-title");
        title.setMinWidth(USE_PREF_SIZE);
        Label caption = new Label();
        caption.getStyleClass().add("panel-caption");
        caption.textProperty().bind(model.gainsCaptionProperty());
        javafx.scene.layout.HBox heading = new javafx.scene.layout.HBox(title, caption);
        heading.getStyleClass().add("panel-heading");
        heading.setAlignment(javafx.geometry.Pos.CENTER_LEFT);
        table.setId("operations");
        table.setMinHeight(0);
        table.setPlaceholder(new Label(""));
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
        VBox.setVgrow(table, Priority.ALWAYS);
        getChildren().addAll(chart, heading, table);
        model.figureProperty().subscribe(now -> {
            if (now.isPresent() && chart.getChildren().isEmpty()) {
                chart.getChildren().add(new FigurePane(model.figureProperty().map(f -> f.orElse(now.get())), palette));
            } else if (now.isEmpty()) {
                chart.getChildren().clear();
            }
        });
        model.gainsProperty().subscribe(now -> {
            table.getItems().setAll(now.map(OperationGains::rows).orElse(List.of()));
            follow();
        });
        model.operationProperty().subscribe(_ -> follow());
        table.getSelectionModel().selectedItemProperty().addListener((_, _, chosen) -> {
            if (!following && chosen != null) {
                model.selectOperation(chosen.part() == Part.OPERATION ? Optional.of(chosen.name()) : Optional.empty());
            }
        });
    }

    private static TableColumns.Name name(Row row) {
        OperationKind kind = switch (row.part()) {
            case IDLE, REST, STEP -> OperationKind.IDLE;
            case FAMILY, OPERATION -> OperationKind.ofLabel(row.family()).orElse(OperationKind.OTHER);
        };
        return new TableColumns.Name((row.part() == Part.OPERATION ? "    " : "") + row.name(), row.name(), kind);
    }

    private void follow() {
        following = true;
        try {
            Optional<String> operation = model.operationProperty().getValue();
            table.getItems().stream()
                    .filter(r -> r.part() == Part.OPERATION && operation.filter(r.name()::equals).isPresent())
                    .findFirst()
                    .ifPresentOrElse(table.getSelectionModel()::select, table.getSelectionModel()::clearSelection);
        } finally {
            following = false;
        }
    }

    private static final class GainRow extends TableRow<Row> {
        @Override
        protected void updateItem(Row row, boolean empty) {
            super.updateItem(row, empty);
            pseudoClassStateChanged(SUM, row != null && !empty && row.part() != Part.OPERATION);
        }
    }
}
