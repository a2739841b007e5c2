package org.moelab.app.details;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// Groups of facts, one below the other: names at the left, figures at the right; the formula shows on hover.
public final class FactsView extends VBox {
    private static final double LABEL_WIDTH = 88;

    private final Consumer<Fact> follow;

    /// @param groups what is shown, followed as it changes
    /// @param follow goes to what a fact speaks of
    public FactsView(ObservableList<Fact.Group> groups, Consumer<Fact> follow) {
        this.follow = follow;
        getStyleClass().add("facts");
        groups.addListener((ListChangeListener<Fact.Group>) _ -> show(groups));
        show(groups);
    }

    private void show(List<Fact.Group> groups) {
        getChildren().clear();
        for (Fact.Group group : groups) {
            Label title = new Label(group.title().toUpperCase(Locale.ROOT));
            title.getStyleClass().add("facts-title");
            getChildren().addAll(title, grid(group.facts()));
        }
    }

    private GridPane grid(List<Fact> facts) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts-grid");
        ColumnConstraints labels = new ColumnConstraints(LABEL_WIDTH);
        ColumnConstraints values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(labels, values);
        for (int row = 0; row < facts.size(); row++) {
            Fact fact = facts.get(row);
            Label label = new Label(fact.label());
            label.getStyleClass().add("fact-label");
            label.setWrapText(true);
            GridPane.setValignment(label, VPos.TOP);
            grid.add(label, 0, row);
            grid.add(value(fact), 1, row);
        }
        return grid;
    }

    private Node value(Fact fact) {
        Tooltip explanation = new Tooltip(fact.explanation());
        explanation.setWrapText(true);
        explanation.setMaxWidth(420);
        if (fact.leadsTo().isPresent()) {
            Hyperlink link = new Hyperlink(fact.value());
            link.getStyleClass().addAll("fact-value", "figures");
            link.setWrapText(true);
            link.setTooltip(explanation);
            link.setOnAction(_ -> follow.accept(fact));
            return link;
        }
        Label value = new Label(fact.value());
        value.getStyleClass().add("fact-value");
        if (startsWithDigit(fact.value())) {
            value.getStyleClass().add("figures");
        }
        value.setWrapText(true);
        value.setTooltip(explanation);
        return value;
    }

    private static boolean startsWithDigit(String value) {
        return !value.isEmpty()
                && Character.isDigit(value.charAt(value.charAt(0) == '-' && value.length() > 1 ? 1 : 0));
    }
}
