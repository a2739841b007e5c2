package org.moelab.app.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.moelab.app.theme.Tip;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.gpu.bench.RunReport.LayerResult;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.StringConverter;

/// The line above the views: which of them shows, and where a run is open which layer they are of, against which other, and in
/// which phase. Not there while nothing is open.
final class RunBar extends HBox {
    private final MainViewModel model;
    private final Selection selection;
    private final HBox layers = new HBox();
    private final ChoiceBox<String> reference = new ChoiceBox<>();
    private final Map<String, ToggleButton> chips = new LinkedHashMap<>();
    private boolean filling;

    RunBar(MainViewModel model) {
        this.model = model;
        this.selection = model.selection();
        setId("run-bar");
        getStyleClass().add("run-bar");
        setAlignment(Pos.CENTER_LEFT);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        layers.setAlignment(Pos.CENTER_LEFT);
        reference.setId("run-reference");
        reference.setMinWidth(104);
        Tip.on(reference, "The layer that gains and arrows start from");
        reference.setAccessibleText("Reference layer");
        reference.setConverter(new LayerNames());
        reference.valueProperty().addListener((_, _, now) -> {
            if (now != null && !filling) {
                selection.referenceProperty().set(Optional.of(now));
            }
        });
        HBox ofRun = new HBox(caption("Layer"), layers, caption("against"), reference, phases());
        ofRun.getStyleClass().add("run-choices");
        ofRun.setAlignment(Pos.CENTER_LEFT);
        showWhere(ofRun, selection.runProperty().map(Optional::isPresent));
        getChildren().addAll(pages(), gap, ofRun);
        showWhere(this, model.pagedProperty());
        selection.runProperty().subscribe(now -> fill(now.map(StoredRun::layers).orElse(List.of())));
        selection.layerProperty().subscribe(this::follow);
        selection.referenceProperty().subscribe(this::follow);
    }

    private static void showWhere(Node node, ObservableValue<Boolean> condition) {
        node.visibleProperty().bind(condition);
        node.managedProperty().bind(node.visibleProperty());
    }

    private static Label caption(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("run-bar-caption");
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private Node pages() {
        Choices<Page> choices = new Choices<>("page-tab");
        for (Page page : Page.values()) {
            Node button = choices.add(page, page.title(), "page-" + page.name().toLowerCase(java.util.Locale.ROOT),
                    "Ctrl+" + page.digit(), () -> model.pageProperty().set(page));
            showWhere(button, model.offeredProperty(page));
        }
        model.pageProperty().subscribe(choices::choose);
        return choices;
    }

    private Node phases() {
        Choices<RunPhase> choices = new Choices<>("layer-chip");
        for (RunPhase phase : List.of(RunPhase.DECODE, RunPhase.PREFILL)) {
            choices.add(phase, phase.label(), "phase-" + phase.label(), phase.time(),
                    () -> selection.phaseProperty().set(phase));
        }
        selection.phaseProperty().subscribe(choices::choose);
        return choices;
    }

    private void fill(List<LayerResult> results) {
        filling = true;
        try {
            ToggleGroup group = new ToggleGroup();
            chips.clear();
            for (LayerResult result : results) {
                ToggleButton chip = new ToggleButton(result.layer());
                chip.setId("layer-" + result.layer());
                chip.getStyleClass().setAll("layer-chip");
                chip.setToggleGroup(group);
                chip.setMinWidth(Region.USE_PREF_SIZE);
                chip.setAccessibleText(StoredRun.layerName(result.layer()));
                chip.setOnAction(_ -> {
                    chip.setSelected(true);
                    selection.layerProperty().set(Optional.of(result.layer()));
                });
                chips.put(result.layer(), chip);
            }
            layers.getChildren().setAll(chips.values());
            reference.getItems().setAll(results.stream().map(LayerResult::layer).toList());
        } finally {
            filling = false;
        }
        follow();
    }

    private void follow() {
        selection.layerProperty().get().flatMap(id -> Optional.ofNullable(chips.get(id)))
                .ifPresent(chip -> chip.setSelected(true));
        selection.referenceProperty().get().filter(reference.getItems()::contains).ifPresent(reference::setValue);
    }

    /// Switches of which one is on.
    private static final class Choices<T> extends HBox {
        private final String style;
        private final ToggleGroup group = new ToggleGroup();
        private final Map<T, ToggleButton> buttons = new LinkedHashMap<>();

        Choices(String style) {
            this.style = style;
            setAlignment(Pos.CENTER_LEFT);
        }

        Node add(T value, String title, String id, String tip, Runnable chosen) {
            ToggleButton button = new ToggleButton(title);
            button.setId(id);
            button.getStyleClass().setAll(style);
            button.setToggleGroup(group);
            button.setMinWidth(Region.USE_PREF_SIZE);
            Tip.on(button, tip);
            button.setOnAction(_ -> {
                button.setSelected(true);
                chosen.run();
            });
            buttons.put(value, button);
            getChildren().add(button);
            return button;
        }

        /// Switches one on; the focus goes with it where it was on another.
        void choose(T value) {
            Optional.ofNullable(buttons.get(value)).ifPresent(button -> {
                button.setSelected(true);
                if (buttons.values().stream().anyMatch(Node::isFocused)) {
                    button.requestFocus();
                }
            });
        }
    }

    private static final class LayerNames extends StringConverter<String> {
        @Override
        public String toString(String id) {
            return id == null ? "" : StoredRun.layerName(id);
        }

        @Override
        public String fromString(String name) {
            throw new UnsupportedOperationException("layers are chosen, not typed");
        }
    }
}
