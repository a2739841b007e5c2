package org.moelab.app.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import javafx.beans.binding.BooleanBinding;
import javafx.beans.value.ObservableBooleanValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The form of a run, beside it the techniques or how the run goes, below it the equal command line.
public final class LaunchView extends VBox {
    private static final double FORM_WIDTH = 428;
    private static final double BOTH_FIT = 860;

    private final LaunchViewModel model;
    private final Answers answers;
    private final ToggleButton techniques = new ToggleButton("TECHNIQUES");
    private final ToggleButton progress = new ToggleButton("PROGRESS");

    /// What the view asks of the person.
    ///
    /// @param folders a folder, under a title
    /// @param cancel whether the run is to end, and ends it
    public record Answers(Function<String, Optional<Path>> folders, Runnable cancel) {}

    /// Shows the model.
    public LaunchView(LaunchViewModel model, Answers answers) {
        this.model = model;
        this.answers = answers;
        setId("launch");
        getStyleClass().add("launch");
        ScrollPane form = new ScrollPane(new FormView(model, answers.folders()));
        form.setFitToWidth(true);
        form.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        form.setMinWidth(FORM_WIDTH);
        form.setPrefWidth(FORM_WIDTH);
        form.setMaxWidth(FORM_WIDTH);
        form.setMinHeight(0);
        Node side = side();
        HBox.setHgrow(side, Priority.ALWAYS);
        HBox both = new HBox(form, side);
        both.getStyleClass().add("launch-columns");
        both.setMinHeight(0);
        VBox.setVgrow(both, Priority.ALWAYS);
        getChildren().addAll(both, footer());
        addEventHandler(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ESCAPE && model.runningProperty().get()) {
                answers.cancel().run();
                event.consume();
            }
        });
        model.runningProperty().subscribe(running -> {
            if (running) {
                progress.setSelected(true);
            }
        });
    }

    private Node side() {
        TechniquesPane choices = new TechniquesPane(model);
        ProgressPane course = new ProgressPane(model);
        ToggleGroup group = new ToggleGroup();
        for (ToggleButton button : List.of(techniques, progress)) {
            button.getStyleClass().setAll("panel-tab");
            button.setToggleGroup(group);
            button.setOnAction(_ -> button.setSelected(true));
        }
        techniques.setId("launch-show-techniques");
        progress.setId("launch-show-progress");
        techniques.setSelected(true);
        HBox tabs = new HBox(techniques, progress);
        HBox panes = new HBox(12);
        panes.setMinSize(0, 0);
        VBox.setVgrow(panes, Priority.ALWAYS);
        VBox side = new VBox(4, tabs, panes);
        BooleanBinding wide = side.widthProperty().greaterThan(BOTH_FIT);
        panes.getChildren().addAll(titled("TECHNIQUES", choices, wide, techniques.selectedProperty()),
                titled("PROGRESS", course, wide, progress.selectedProperty()));
        showWhere(tabs, wide.not());
        side.getStyleClass().add("launch-side");
        side.setMinSize(0, 0);
        return side;
    }

    /// A pane that shows where there is room for both, or where it is chosen.
    private static Node titled(String title, Region pane, BooleanBinding wide, ObservableBooleanValue chosen) {
        Label label = new Label(title);
        label.getStyleClass().add("panel-title");
        showWhere(label, wide);
        pane.setMinSize(0, 0);
        VBox.setVgrow(pane, Priority.ALWAYS);
        VBox box = new VBox(4, label, pane);
        box.setMinSize(0, 0);
        box.setPrefWidth(0);
        HBox.setHgrow(box, Priority.ALWAYS);
        showWhere(box, wide.or(chosen));
        return box;
    }

    private static void showWhere(Node node, ObservableBooleanValue condition) {
        node.visibleProperty().bind(condition);
        node.managedProperty().bind(node.visibleProperty());
    }

    private Node footer() {
        TextField line = new TextField();
        line.setId("launch-command");
        line.setEditable(false);
        line.getStyleClass().addAll("small-field", "figures");
        line.setAccessibleText("The command line that does the same");
        line.setTooltip(new Tooltip("The command line that does the same"));
        line.textProperty().bind(model.commandLineProperty());
        line.setMinWidth(60);
        HBox.setHgrow(line, Priority.ALWAYS);
        Button copy = button("Copy", "launch-copy", "Copy the command line", () -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(line.getText());
            Clipboard.getSystemClipboard().setContent(content);
        });
        Button start = button("Start", "launch-start", "Start the run (Ctrl+Enter)", model::start);
        start.getStyleClass().add("accent");
        model.startableProperty().addListener((_, _, now) -> start.setDisable(!now));
        start.setDisable(!model.startableProperty().get());
        Button cancel = button("Cancel", "launch-cancel", "End the run; what it measured stays (Esc)",
                answers.cancel());
        cancel.disableProperty().bind(model.runningProperty().not());
        HBox footer = new HBox(6, line, copy, cancel, start);
        footer.getStyleClass().add("launch-footer");
        footer.setAlignment(Pos.CENTER_LEFT);
        return footer;
    }

    private static Button button(String name, String id, String tip, Runnable command) {
        Button button = new Button(name);
        button.setId(id);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(tip));
        button.setOnAction(_ -> command.run());
        return button;
    }

}
