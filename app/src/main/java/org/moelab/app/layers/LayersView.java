package org.moelab.app.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import org.moelab.app.figure.FigurePane;
import org.moelab.app.layers.LayersViewModel.LayerCard;
import org.moelab.app.layers.LayersViewModel.Measured;
import org.moelab.app.layers.LayersViewModel.TechniqueCard;
import org.moelab.app.run.Proposal;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.technique.Technique;

import atlantafx.base.controls.ToggleSwitch;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
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
    private static final String SWITCH = "switch-";

    private final LayersViewModel model;
    private final StackPane ladder = new StackPane();
    private final VBox card = new VBox();
    private final ScrollPane cards;
    private final Consumer<Proposal> proposed;
    private final Runnable changeShown;

    /// Shows what the model follows.
    ///
    /// @param proposed turns to where a run that a person would like to see can be started
    /// @param changeShown turns to the operations of the selected layer against those of the reference
    public LayersView(LayersViewModel model, ObservableValue<Palette> palette, Consumer<Proposal> proposed,
            Runnable changeShown) {
        this.model = model;
        this.proposed = proposed;
        this.changeShown = changeShown;
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
        ladder.setId("ladder");
        ladder.setFocusTraversable(true);
        ladder.setCursor(Cursor.HAND);
        this.cards = scroll;
        ladder.addEventHandler(MouseEvent.MOUSE_CLICKED, this::choose);
        ladder.addEventHandler(KeyEvent.KEY_PRESSED, this::step);
        getChildren().addAll(ladder, scroll);
        model.figureProperty().subscribe(now -> {
            ladder.setAccessibleText("Layers with their speedups; up and down change the layer, page up and page down"
                    + " go through its techniques, Enter shows what the first of them changed. "
                    + now.map(LadderFigure::spoken).orElse(""));
            boolean empty = ladder.getChildren().isEmpty();
            if (now.isPresent() && empty) {
                ladder.getChildren().add(new FigurePane(model.figureProperty().map(f -> f.orElse(now.get())), palette));
            } else if (now.isEmpty()) {
                ladder.getChildren().clear();
            }
        });
        model.cardProperty().subscribe(now -> {
            // a switch that was pressed makes the card anew, and keeps the focus
            Optional<String> focused = Optional.ofNullable(getScene()).map(Scene::getFocusOwner).map(Node::getId);
            card.getChildren().setAll(now.map(this::nodes).orElse(List.of()));
            focused.filter(id -> id.startsWith(SWITCH)).map(id -> card.lookup("#" + id)).ifPresent(Node::requestFocus);
        });
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
            case PAGE_DOWN -> turn(1);
            case PAGE_UP -> turn(-1);
            case ENTER -> model.cardProperty().getValue().stream().flatMap(c -> c.techniques().stream())
                    .filter(t -> t.most().isPresent()).findFirst().ifPresent(this::showChange);
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void showChange(TechniqueCard of) {
        if (model.showChange(of)) {
            changeShown.run();
        }
    }

    /// Moves the techniques by what is seen of them.
    private void turn(int pages) {
        double hidden = card.getHeight() - cards.getViewportBounds().getHeight();
        if (hidden > 0) {
            cards.setVvalue(Math.clamp(
                    cards.getVvalue() + pages * 0.5 * cards.getViewportBounds().getHeight() / hidden, 0, 1));
        }
    }

    private List<Node> nodes(LayerCard layer) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(label(layer.title(), "layer-title"));
        nodes.add(label(layer.summary(), "layer-summary"));
        nodes.add(label("MEASURED", "facts-title"));
        nodes.add(facts(layer.facts()));
        nodes.add(label(layer.techniques().isEmpty() ? "NO TECHNIQUES OF ITS OWN" : "TECHNIQUES", "facts-title"));
        if (!layer.lacking().isEmpty()) {
            nodes.add(label(layer.lacking(), "technique-line"));
        }
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

    private Node technique(TechniqueCard card) {
        Label name = label(card.technique().name(), "technique-name");
        Label status = new Label(card.status().toUpperCase(Locale.ROOT));
        status.getStyleClass().addAll("technique-status", card.on() ? "on" : "off");
        status.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(8, name, gap, status, toggle(card));
        head.setAlignment(Pos.CENTER_LEFT);
        VBox box = new VBox(head, label(card.technique().what(), "technique-what"));
        box.getStyleClass().addAll("technique", card.on() ? "on" : "off");
        if (card.toggle().changed()) {
            status.getStyleClass().setAll("technique-status", "changed");
            box.getChildren().add(proposal());
        }
        line(box, "Here: ", card.technique().how());
        line(box, card.technique().status() == Technique.Status.ON_REQUEST ? "On request: " : "Why not: ", card.why());
        line(box, "Needs: ", card.technique().needs());
        line(box, "Should move: ", card.technique().metric());
        line(box, "Applied to: ", card.operations());
        card.most().ifPresent(operation -> {
            Hyperlink link = new Hyperlink("What it changed: " + operation + " and others against the layer below");
            link.setId("change-" + card.technique().id());
            link.getStyleClass().add("occurrence");
            link.setWrapText(true);
            link.setMinHeight(Region.USE_PREF_SIZE);
            link.setOnAction(_ -> showChange(card));
            box.getChildren().add(link);
        });
        if (!card.worth().isEmpty()) {
            box.getChildren().add(facts(card.worth()));
        }
        return box;
    }

    private ToggleSwitch toggle(TechniqueCard card) {
        ToggleSwitch toggle = new ToggleSwitch();
        toggle.setId(SWITCH + card.technique().id());
        toggle.setSelected(card.on() != card.toggle().changed());
        toggle.setDisable(!card.toggle().possible());
        toggle.setMinWidth(Region.USE_PREF_SIZE);
        toggle.setTooltip(new Tooltip(card.toggle().hint()));
        toggle.setAccessibleText(card.technique().name() + ": " + card.status() + "; " + card.toggle().hint());
        toggle.selectedProperty().addListener(_ -> model.toggle(card.technique().id()));
        return toggle;
    }

    private Button proposal() {
        Button button = new Button("Run " + model.proposed() + " beside it …");
        button.getStyleClass().addAll("accent", "proposal");
        button.setWrapText(true);
        button.setMaxWidth(Double.MAX_VALUE);
        button.setMinHeight(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip("Fills in the run page: one technique is tried in turns with and without it,"
                + " several make a run of their own"));
        button.setOnAction(_ -> model.proposal().ifPresent(proposed));
        return button;
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
