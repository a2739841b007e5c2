package org.moelab.app.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.moelab.app.launch.TechniqueChoices.Choice;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;

import javafx.geometry.Pos;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// Every technique with its switch, by layer.
final class TechniquesPane extends ScrollPane {
    private final LaunchViewModel model;
    private final List<Row> rows = new ArrayList<>();

    TechniquesPane(LaunchViewModel model) {
        this.model = model;
        setId("launch-techniques");
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        VBox all = new VBox(2);
        all.getStyleClass().add("launch-techniques");
        for (Layer layer : model.catalogue().layers()) {
            List<Technique> own = model.catalogue().of(layer);
            if (!own.isEmpty()) {
                Label heading = new Label("LAYER " + layer.id() + "  " + layer.name());
                heading.getStyleClass().add("facts-title");
                all.getChildren().add(heading);
            }
            for (Technique technique : own) {
                Row row = new Row(technique);
                rows.add(row);
                all.getChildren().add(row);
            }
        }
        setContent(all);
        model.formProperty().subscribe(form -> {
            List<Choice> choices = new TechniqueChoices(form, model.catalogue()).all();
            rows.forEach(row -> choices.stream().filter(c -> c.technique().equals(row.technique)).forEach(row::show));
        });
    }

    private final class Row extends VBox {
        private final Technique technique;
        private final CheckBox box = new CheckBox();
        private final Label state = new Label();
        private final Label why = new Label();

        Row(Technique technique) {
            this.technique = technique;
            getStyleClass().add("launch-technique");
            box.setId("launch-technique-" + technique.id());
            box.setText(technique.name());
            box.setTooltip(new Tooltip(technique.id() + ": " + technique.what()));
            box.setMinWidth(0);
            box.setOnAction(_ -> model.toggleTechnique(technique.id()));
            state.getStyleClass().add("technique-status");
            state.setMinWidth(Region.USE_PREF_SIZE);
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            HBox head = new HBox(8, box, gap, state);
            head.setAlignment(Pos.CENTER_LEFT);
            why.getStyleClass().add("technique-line");
            why.setWrapText(true);
            why.setMinHeight(Region.USE_PREF_SIZE);
            why.managedProperty().bind(why.visibleProperty());
            getChildren().addAll(head, why);
        }

        void show(Choice choice) {
            box.setSelected(choice.on());
            box.setDisable(!choice.possible());
            box.setAccessibleText(technique.name() + ": " + choice.state());
            state.setText(choice.state().toUpperCase(Locale.ROOT));
            state.getStyleClass().setAll("technique-status",
                    model.formProperty().get().changed().contains(technique.id())
                            ? "changed"
                            : choice.on() ? "on" : "off");
            why.setText(choice.why());
            why.setVisible(!choice.why().isEmpty());
        }
    }
}
