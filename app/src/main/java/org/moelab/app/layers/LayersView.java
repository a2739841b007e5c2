package org.moelab.app.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.moelab.app.figure.FigurePane;
import org.moelab.app.layers.LayersViewModel.LayerCard;
import org.moelab.app.layers.LayersViewModel.Measured;
import org.moelab.app.layers.LayersViewModel.TechniqueCard;
import org.moelab.gpu.technique.Technique;
import org.moelab.app.theme.Palette;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The ladder, and beside it the selected layer: what was measured of it, and its techniques.
public final class LayersView extends HBox {
    private static final double CARD_WIDTH = 352;

    private final LayersViewModel model;
    private final StackPane ladder = new StackPane();
    private final VBox card = new VBox();

    /// Shows what the model follows.
    public LayersView(LayersViewModel model, ObservableValue<Palette> palette) {
        this.model = model;
        setId("layers");
        getStyleClass().add("layers");
        ScrollPane scroll = new ScrollPane(card);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setMinWidth(CARD_WIDTH);
        scroll.setPrefWidth(CARD_WIDTH);
        scroll.setMaxWidth(CARD_WIDTH);
        scroll.setMinHeight(0);
        card.getStyleClass().add("layer-card");
        HBox.setHgrow(ladder, Priority.ALWAYS);
        ladder.setMinSize(0, 0);
        ladder.setFocusTraversable(true);
        ladder.setCursor(Cursor.HAND);
        ladder.setAccessibleText("Layers with their speedups; up and down change the layer");
        ladder.addEventHandler(MouseEvent.MOUSE_CLICKED, this::choose);
        ladder.addEventHandler(KeyEvent.KEY_PRESSED, this::step);
        getChildren().addAll(ladder, scroll);
        model.figureProperty().subscribe(now -> {
            boolean empty = ladder.getChildren().isEmpty();
            if (now.isPresent() && empty) {
                ladder.getChildren().add(new FigurePane(model.figureProperty().map(f -> f.orElse(now.get())), palette));
            } else if (now.isEmpty()) {
                ladder.getChildren().clear();
            }
        });
        model.cardProperty().subscribe(now -> card.getChildren()
                .setAll(now.map(LayersView::nodes).orElse(List.of())));
    }

    private void choose(MouseEvent event) {
        ladder.requestFocus();
        model.figureProperty().getValue().flatMap(f -> f.rowAt(event.getY(), ladder.getHeight()))
                .ifPresent(model::select);
    }

    private void step(KeyEvent event) {
        switch (event.getCode()) {
            case UP -> model.selectNeighbour(-1);
            case DOWN -> model.selectNeighbour(1);
            default -> {
                return;
            }
        }
        event.consume();
    }

    private static List<Node> nodes(LayerCard layer) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(label(layer.title(), "layer-title"));
        nodes.add(label(layer.summary(), "layer-summary"));
        nodes.add(label("MEASURED", "facts-title"));
        nodes.add(facts(layer.facts()));
        nodes.add(label(layer.techniques().isEmpty() ? "NO TECHNIQUES OF ITS OWN" : "TECHNIQUES", "facts-title"));
        layer.techniques().forEach(t -> nodes.add(technique(t)));
        return nodes;
    }

    private static Node facts(List<Measured> facts) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts-grid");
        for (int row = 0; row < facts.size(); row++) {
            Measured fact = facts.get(row);
            Label name = label(fact.label(), "fact-label");
            name.setMinWidth(104);
            Label value = label(fact.value(), "fact-value");
            if (!fact.value().startsWith("not ")) {
                value.getStyleClass().add("figures");
            }
            value.setTooltip(new Tooltip(fact.explanation()));
            grid.addRow(row, name, value);
        }
        return grid;
    }

    private static Node technique(TechniqueCard card) {
        Label name = label(card.technique().name(), "technique-name");
        Label status = new Label(card.status().toUpperCase(Locale.ROOT));
        status.getStyleClass().addAll("technique-status", card.on() ? "on" : "off");
        status.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(8, name, gap, status);
        head.setAlignment(Pos.CENTER_LEFT);
        VBox box = new VBox(head, label(card.technique().what(), "technique-what"));
        box.getStyleClass().addAll("technique", card.on() ? "on" : "off");
        line(box, "Here: ", card.technique().how());
        line(box, card.technique().status() == Technique.Status.ON_REQUEST ? "On request: " : "Why not: ", card.why());
        line(box, "Needs: ", card.technique().needs());
        line(box, "Should move: ", card.technique().metric());
        line(box, "Applied to: ", card.operations());
        if (!card.worth().isEmpty()) {
            box.getChildren().add(facts(card.worth()));
        }
        return box;
    }

    private static void line(VBox box, String title, String text) {
        if (!text.isEmpty()) {
            box.getChildren().add(label(title + text, "technique-line"));
        }
    }

    private static Label label(String text, String style) {
        Label label = new Label(text);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }
}
