package org.moelab.app.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import org.moelab.app.figure.FigurePane;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.technique.Technique;
import org.moelab.traces.advice.Evidence;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.Occurrence;
import org.moelab.traces.advice.Place;
import org.moelab.traces.model.Unit;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Node;
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

/// The findings, and beside them the one that is looked at: why, its figures, what could be done, and the events that it comes
/// from, each a link to where it can be seen.
public final class AdviceView extends HBox {
    private static final double CARD_WIDTH = 352;
    /// Names of templates run over many lines; the whole shows on hover.
    private static final int LONGEST = 96;

    private final AdviceViewModel model;
    private final Consumer<Place> shown;
    private final StackPane findings = new StackPane();
    private final VBox card = new VBox();

    /// Shows what the model follows.
    ///
    /// @param shown turns to where a place that was selected can be seen
    public AdviceView(AdviceViewModel model, ObservableValue<Palette> palette, Consumer<Place> shown) {
        this.model = model;
        this.shown = shown;
        setId("advice");
        getStyleClass().addAll("layers", "advice");
        ScrollPane cards = scrolling(card);
        cards.setMinWidth(CARD_WIDTH);
        cards.setPrefWidth(CARD_WIDTH);
        cards.setMaxWidth(CARD_WIDTH);
        card.getStyleClass().add("layer-card");
        ScrollPane rows = scrolling(findings);
        rows.getStyleClass().add("findings");
        HBox.setHgrow(rows, Priority.ALWAYS);
        findings.setMinWidth(0);
        findings.setId("findings");
        findings.setFocusTraversable(true);
        findings.setCursor(Cursor.HAND);
        findings.addEventHandler(MouseEvent.MOUSE_CLICKED, this::choose);
        findings.addEventHandler(KeyEvent.KEY_PRESSED, this::step);
        getChildren().addAll(rows, cards);
        model.figureProperty().subscribe(now -> {
            boolean empty = findings.getChildren().isEmpty();
            if (now.isPresent() && empty) {
                findings.getChildren()
                        .add(new FigurePane(model.figureProperty().map(f -> f.orElse(now.get())), palette));
            } else if (now.isEmpty()) {
                findings.getChildren().clear();
            }
        });
        model.selectedProperty().subscribe(now -> {
            card.getChildren().setAll(now.map(this::nodes).orElse(List.of()));
            findings.setAccessibleText("Findings; up and down change the one looked at, Enter shows its longest event. "
                    + model.spoken());
        });
    }

    private static ScrollPane scrolling(Node content) {
        ScrollPane scroll = new ScrollPane(content);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setMinHeight(0);
        scroll.setMinWidth(0);
        return scroll;
    }

    private void choose(MouseEvent event) {
        findings.requestFocus();
        model.figureProperty().get().ifPresent(f -> f.rowAt(event.getY()).ifPresent(model::select));
    }

    private void step(KeyEvent event) {
        switch (event.getCode()) {
            case UP -> model.selectNeighbour(-1);
            case DOWN -> model.selectNeighbour(1);
            case PAGE_UP -> model.selectSource(-1);
            case PAGE_DOWN -> model.selectSource(1);
            case ENTER -> model.selectedProperty().get()
                    .flatMap(e -> e.finding().occurrences().stream().findFirst()).ifPresent(this::jump);
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void jump(Occurrence occurrence) {
        model.jump(occurrence.place());
        shown.accept(occurrence.place());
    }

    private List<Node> nodes(Entry entry) {
        Finding finding = entry.finding();
        List<Node> nodes = new ArrayList<>();
        nodes.add(label(finding.title(), "layer-title"));
        nodes.add(label(finding.severity().label().toUpperCase(Locale.ROOT) + " · rule " + finding.rule(),
                "technique-line"));
        nodes.add(label(finding.explanation(), "layer-summary"));
        List<Evidence> figures = new ArrayList<>(finding.evidence());
        finding.boundNs().ifPresent(bound -> figures.add(new Evidence("at most to gain", bound, Unit.NANOSECONDS,
                "a bound by the measured times: no estimate of what will be gained")));
        section(nodes, "FIGURES", figures.isEmpty() ? List.of() : List.of(facts(figures)));
        section(nodes, finding.occurrences().size() > 1 ? "LONGEST" : "WHERE",
                finding.occurrences().stream().map(this::link).toList());
        section(nodes, "WHAT ADDRESSES IT",
                model.techniques(finding).stream().map(this::technique).toList());
        return nodes;
    }

    private static void section(List<Node> nodes, String title, List<? extends Node> content) {
        if (!content.isEmpty()) {
            nodes.add(label(title, "facts-title"));
            nodes.addAll(content);
        }
    }

    private static Node facts(List<Evidence> figures) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts-grid");
        for (int row = 0; row < figures.size(); row++) {
            Evidence figure = figures.get(row);
            Label name = label(figure.label(), "fact-label");
            name.setMinWidth(130);
            Label value = label(figure.text(), "fact-value");
            value.getStyleClass().add("figures");
            value.setTooltip(new Tooltip(figure.formula()));
            grid.addRow(row, name, value);
        }
        return grid;
    }

    private Node link(Occurrence occurrence) {
        if (occurrence.place() instanceof Place.Nowhere) {
            return label(occurrence.label(), "technique-line");
        }
        Hyperlink link = new Hyperlink(occurrence.label().length() > LONGEST
                ? occurrence.label().substring(0, LONGEST - 1) + "…"
                : occurrence.label());
        link.getStyleClass().add("occurrence");
        link.setWrapText(true);
        link.setMinHeight(Region.USE_PREF_SIZE);
        String whole = occurrence.label().length() > LONGEST ? occurrence.label() + "\n\n" : "";
        Tooltip tip = new Tooltip(whole + switch (occurrence.place()) {
            case Place.Span _ -> "select it and its time in the timeline; F fits it into the view";
            case Place.Event _ -> "select it";
            case Place.Operation _ -> "select it in the run";
            case Place.Nowhere _ -> "";
        });
        tip.setWrapText(true);
        tip.setMaxWidth(720);
        link.setTooltip(tip);
        link.setOnAction(_ -> jump(occurrence));
        return link;
    }

    private Node technique(Technique technique) {
        Optional<Boolean> on = model.isOn(technique);
        Label name = label(technique.name(), "technique-name");
        Label status = new Label(
                ("layer " + technique.layer() + " · " + (on.orElse(false) ? "on" : technique.status().label()))
                        .toUpperCase(Locale.ROOT));
        status.getStyleClass().addAll("technique-status", on.orElse(false) ? "on" : "off");
        status.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(8, name, gap, status);
        head.setAlignment(Pos.CENTER_LEFT);
        VBox box = new VBox(head, label(technique.what(), "technique-line"));
        box.getStyleClass().addAll("technique", technique.isSwitch() ? "on" : "off");
        return box;
    }

    private static Label label(String text, String style) {
        Label label = new Label(text);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }
}
