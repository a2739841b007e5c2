package org.moelab.app.launch;

import java.util.Locale;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;
import org.kordamp.ikonli.javafx.FontIcon;
import org.moelab.app.launch.Part.Stage;

import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

/// How the run goes: its parts, and what it says.
final class ProgressPane extends VBox {
    private static final double LOG_HEIGHT = 190;
    private static final double LONGEST_NAME = 200;

    private final LaunchViewModel model;
    private final GridPane parts = new GridPane();
    private final Label elapsed = new Label();
    private final Timeline clock = new Timeline(new KeyFrame(Duration.seconds(1), _ -> tick()));

    ProgressPane(LaunchViewModel model) {
        this.model = model;
        setId("launch-progress");
        getStyleClass().add("launch-progress");
        parts.getStyleClass().add("facts-grid");
        ColumnConstraints grown = new ColumnConstraints();
        grown.setHgrow(Priority.ALWAYS);
        ColumnConstraints named = new ColumnConstraints();
        named.setMaxWidth(LONGEST_NAME);
        parts.getColumnConstraints().addAll(new ColumnConstraints(), named, new ColumnConstraints(), grown,
                new ColumnConstraints());
        ScrollPane scroll = new ScrollPane(parts);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        Label state = new Label();
        state.setId("launch-state");
        state.getStyleClass().add("layer-title");
        state.setWrapText(true);
        state.setMinHeight(Region.USE_PREF_SIZE);
        state.textProperty().bind(model.stateProperty());
        elapsed.getStyleClass().addAll("figures", "fact-label");
        elapsed.managedProperty().bind(elapsed.visibleProperty());
        elapsed.visibleProperty().bind(model.runningProperty());
        getChildren().addAll(state, elapsed, scroll, title("LOG"), log());
        model.parts().addListener((ListChangeListener<Part>) _ -> fill());
        fill();
        clock.setCycleCount(Animation.INDEFINITE);
        model.runningProperty().subscribe(running -> {
            tick();
            if (running) {
                clock.play();
            } else {
                clock.stop();
            }
        });
    }

    private static Label title(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("facts-title");
        return label;
    }

    private ListView<String> log() {
        ListView<String> list = new ListView<>(model.log());
        list.setId("launch-log");
        list.getStyleClass().addAll("launch-log", "figures");
        list.setAccessibleText("What the run said");
        list.setPrefHeight(LOG_HEIGHT);
        list.setMinHeight(60);
        Label nothing = new Label("what the run says");
        nothing.getStyleClass().add("placeholder-text");
        list.setPlaceholder(nothing);
        model.log().addListener((ListChangeListener<String>) _ -> list.scrollTo(model.log().size() - 1));
        return list;
    }

    private void tick() {
        elapsed.setText(model.elapsed());
        if (model.runningProperty().get()) {
            fill();
        }
    }

    private void fill() {
        parts.getChildren().clear();
        parts.getRowConstraints().clear();
        int row = 0;
        for (Part part : model.parts()) {
            Label stage = new Label(part.stage().label());
            stage.getStyleClass().add("part-" + part.stage().name().toLowerCase(Locale.ROOT));
            stage.setMinWidth(Region.USE_PREF_SIZE);
            Label name = wrapped(part.name());
            name.getStyleClass().add("technique-name");
            Label text = wrapped(part.text());
            Label time = new Label(model.elapsed(part));
            time.getStyleClass().addAll("figures", "fact-label");
            time.setMinWidth(Region.USE_PREF_SIZE);
            time.setAlignment(Pos.CENTER_RIGHT);
            FontIcon icon = new FontIcon(icon(part.stage()));
            icon.getStyleClass().add("part-icon-" + part.stage().name().toLowerCase(Locale.ROOT));
            parts.addRow(row++, icon, name, stage, text, time);
            RowConstraints top = new RowConstraints();
            top.setValignment(VPos.TOP);
            parts.getRowConstraints().add(top);
        }
    }

    private static Label wrapped(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.setMinWidth(0);
        return label;
    }

    private static BootstrapIcons icon(Stage stage) {
        return switch (stage) {
            case WAITING -> BootstrapIcons.CIRCLE;
            case RUNNING -> BootstrapIcons.PLAY_CIRCLE;
            case DONE -> BootstrapIcons.CHECK_CIRCLE;
            case FAILED -> BootstrapIcons.X_CIRCLE;
            case LEFT_OUT, NOT_RUN -> BootstrapIcons.DASH_CIRCLE;
        };
    }
}
