package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.List;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;
import org.kordamp.ikonli.javafx.FontIcon;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/// What the window shows while nothing is open: how to open something, and what was open last.
final class EmptyView extends VBox {
    private static final int SHOWN = 8;

    EmptyView(MainViewModel model, Action open, Action run) {
        setId("empty");
        getStyleClass().add("empty");
        setAlignment(Pos.CENTER);
        Label title = new Label("Open a recording", new FontIcon(BootstrapIcons.BAR_CHART_STEPS));
        title.getStyleClass().add("empty-title");
        Label hint = new Label(
                "Drop files here: Nsight Systems .sqlite or .nsys-rep, Nsight Compute .ncu-rep or .csv, PyTorch profiler .json; or a run directory");
        hint.getStyleClass().add("placeholder-text");
        hint.setWrapText(true);
        Button button = new Button("Open files  " + open.keys());
        button.getStyleClass().add("accent");
        button.setOnAction(_ -> open.run());
        Button start = new Button("Start a run  " + run.keys());
        start.setOnAction(_ -> run.run());
        HBox buttons = new HBox(8, button, start);
        buttons.setAlignment(Pos.CENTER);
        VBox recent = new VBox();
        recent.setAlignment(Pos.CENTER);
        model.settingsProperty().subscribe(s -> recent.getChildren().setAll(
                s.recentFiles().stream().limit(SHOWN).map(file -> link(model, file)).toList()));
        getChildren().addAll(title, hint, buttons, recent);
    }

    private static Hyperlink link(MainViewModel model, Path file) {
        Hyperlink link = new Hyperlink(String.valueOf(file.getFileName()));
        link.setTooltip(new Tooltip(file.toString()));
        link.setOnAction(_ -> model.open(List.of(file)));
        return link;
    }
}
