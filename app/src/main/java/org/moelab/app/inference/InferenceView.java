package org.moelab.app.inference;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.FigurePane;
import org.moelab.app.inference.InferenceViewModel.Subject;
import org.moelab.app.tables.ReportTableView;
import org.moelab.app.theme.Palette;
import org.moelab.traces.stats.ReportTable.Cell;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The layer's figures as cards, the experts' loads beside the cache, and below them the operations against their floors, as
/// bars and as a table.
public final class InferenceView extends VBox {
    private static final double UPPER = 0.55;
    private static final double WIDE = 0.62;
    private static final double BARS = 0.56;

    private final InferenceViewModel model;
    private final ObservableValue<Palette> palette;
    private final HBox cards = new HBox();
    private final ReportTableView table;
    private boolean following;

    /// Shows what the model follows.
    public InferenceView(InferenceViewModel model, ObservableValue<Palette> palette) {
        this.model = model;
        this.palette = palette;
        setId("inference");
        getStyleClass().add("inference");
        setMinSize(0, 0);
        cards.getStyleClass().add("cards");
        table = new ReportTableView(model.tableProperty(), model.missingProperty());
        table.setId("inference-table");
        StackPane loads = pane("Tokens that each expert of each layer was sent; the table Experts lists them",
                InferenceFigure::loads, (f, e, at) -> f.loads().placeAt(e.getX(), e.getY(), at.getWidth(),
                        at.getHeight()).flatMap(p -> f.loads().load().map(l -> l.describe(p))));
        StackPane cache = pane("Key-value cache by context; the table KV cache lists it", InferenceFigure::cache,
                (f, e, at) -> f.cache().tokensAt(e.getX(), at.getWidth()).map(f.cache()::describe));
        StackPane floors = pane("Operations against their floors; the table Operations lists them",
                InferenceFigure::floors, (f, e, at) -> f.floors().rowAt(e.getY(), at.getHeight())
                        .map(FloorsFigure::describe));
        floors.setOnMouseClicked(e -> model.figureProperty().getValue()
                .ifPresent(f -> model.select(f.floors().rowAt(e.getY(), floors.getHeight()).map(r -> r.name()))));
        VBox tables = new VBox(subjects(), table);
        tables.setMinSize(0, 0);
        VBox.setVgrow(table, Priority.ALWAYS);
        HBox upper = beside(loads, cache, WIDE);
        HBox lower = beside(floors, tables, BARS);
        upper.prefHeightProperty().bind(heightProperty().subtract(cards.heightProperty()).multiply(UPPER));
        lower.prefHeightProperty().bind(heightProperty().subtract(cards.heightProperty()).multiply(1 - UPPER));
        VBox.setVgrow(lower, Priority.ALWAYS);
        getChildren().addAll(cards, upper, lower);
        model.figureProperty().subscribe(now -> cards.getChildren()
                .setAll(now.map(f -> f.cards().stream().map(InferenceView::card).toList()).orElse(List.of())));
        model.operationProperty().subscribe(_ -> follow());
        model.tableProperty().subscribe(_ -> follow());
        table.getSelectionModel().selectedItemProperty().addListener((_, _, row) -> choose(row));
    }

    private interface Hover {
        Optional<String> text(InferenceFigure figure, MouseEvent event, Region at);
    }

    private HBox beside(Region first, Region second, double share) {
        HBox box = new HBox(first, second);
        box.setMinSize(0, 0);
        first.prefWidthProperty().bind(widthProperty().multiply(share));
        second.prefWidthProperty().bind(widthProperty().multiply(1 - share));
        HBox.setHgrow(second, Priority.ALWAYS);
        return box;
    }

    private StackPane pane(String accessible, Function<InferenceFigure, Figure> part, Hover hover) {
        StackPane pane = new StackPane();
        pane.setMinSize(0, 0);
        pane.setAccessibleText(accessible);
        model.figureProperty().subscribe(now -> {
            if (now.isPresent() && pane.getChildren().isEmpty()) {
                pane.getChildren().add(new FigurePane(
                        model.figureProperty().map(f -> part.apply(f.orElse(now.get()))), palette));
            } else if (now.isEmpty()) {
                pane.getChildren().clear();
            }
        });
        Tooltip tooltip = new Tooltip();
        pane.setOnMouseMoved(e -> model.figureProperty().getValue().flatMap(f -> hover.text(f, e, pane))
                .ifPresentOrElse(text -> {
                    tooltip.setText(text);
                    tooltip.show(pane, e.getScreenX() + 14, e.getScreenY() + 14);
                }, tooltip::hide));
        pane.setOnMouseExited(_ -> tooltip.hide());
        return pane;
    }

    private static Node card(Card card) {
        Label title = new Label(card.title());
        title.getStyleClass().add("facts-title");
        Label value = new Label(card.value());
        value.getStyleClass().addAll("card-value", "figures");
        Label detail = new Label(card.detail());
        detail.getStyleClass().add("run-about");
        VBox box = new VBox(title, value, detail);
        box.getStyleClass().add("card");
        box.setMinWidth(0);
        box.setPrefWidth(10);
        box.setAccessibleText(card.title() + ": " + card.value() + ", " + card.detail());
        HBox.setHgrow(box, Priority.ALWAYS);
        Tooltip.install(box, new Tooltip(card.explanation()));
        return box;
    }

    private Node subjects() {
        HBox line = new HBox();
        line.getStyleClass().add("panel-heading");
        line.setAlignment(Pos.CENTER_LEFT);
        ToggleGroup group = new ToggleGroup();
        for (Subject subject : Subject.values()) {
            ToggleButton button = new ToggleButton(subject.title().toUpperCase(Locale.ROOT));
            button.setId("inference-" + subject.name().toLowerCase(Locale.ROOT));
            button.getStyleClass().setAll("panel-tab");
            button.setToggleGroup(group);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setSelected(subject == model.subjectProperty().get());
            button.setOnAction(_ -> {
                button.setSelected(true);
                model.subjectProperty().set(subject);
            });
            line.getChildren().add(button);
        }
        return line;
    }

    private void choose(List<Cell> row) {
        if (!following && row != null && model.subjectProperty().get() == Subject.OPERATIONS
                && row.getFirst() instanceof Cell.Text(String name)) {
            model.select(Optional.of(name));
        }
    }

    private void follow() {
        following = true;
        try {
            Optional<String> operation = model.operationProperty().getValue();
            table.getItems().stream()
                    .filter(row -> model.subjectProperty().get() == Subject.OPERATIONS
                            && row.getFirst() instanceof Cell.Text(String name)
                            && operation.filter(name::equals).isPresent())
                    .findFirst()
                    .ifPresentOrElse(table.getSelectionModel()::select, table.getSelectionModel()::clearSelection);
        } finally {
            following = false;
        }
    }
}
