package org.moelab.app.launch;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.moelab.app.launch.FormCheck.Field;
import org.moelab.app.launch.RunForm.Numbers;
import org.moelab.app.launch.RunForm.Verb;
import org.moelab.gpu.technique.Layer;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// What is to run, field by field; below a field what is wrong with it.
final class FormView extends VBox {
    private static final PseudoClass ERROR = PseudoClass.getPseudoClass("error");

    private final LaunchViewModel model;
    private final Function<String, Optional<Path>> folders;
    private final Map<Field, Label> problems = new LinkedHashMap<>();
    private final Map<Field, Node> inputs = new LinkedHashMap<>();
    private boolean filling;

    /// @param folders asks the person for a folder, under a title
    FormView(LaunchViewModel model, Function<String, Optional<Path>> folders) {
        this.model = model;
        this.folders = folders;
        getStyleClass().add("launch-form");
        Label numbersOf = caption("");
        model.formProperty().subscribe(form -> numbersOf.setText(form.verb() == Verb.RUN
                ? "Measured: the layers below, one after the other."
                : "Measured: each chosen technique, with and without it in turns."));
        getChildren().addAll(
                row("What", Optional.empty(), choices("launch-verb", List.of(Verb.values()),
                        verb -> verb == Verb.RUN ? "Layers" : "Techniques in turns", RunForm::verb, model::choose)),
                numbersOf,
                row("Model", Optional.of(Field.MODEL), modelField()), problem(Field.MODEL),
                row("Device", Optional.of(Field.DEVICE), deviceField()), machine(), problem(Field.DEVICE),
                row("Layers", Optional.of(Field.LAYERS), layerBoxes()), problem(Field.LAYERS),
                row("Lengths", Optional.empty(), numbers()), problem(Field.BATCH), problem(Field.PROMPT),
                problem(Field.GENERATE), problem(Field.REPEATS),
                row("Timelines", Optional.of(Field.PROFILE), profileField()), problem(Field.PROFILE),
                row("Results in", Optional.of(Field.FOLDER), folderField()), problem(Field.FOLDER),
                row("Memory", Optional.empty(), memory()));
        model.problemsProperty().subscribe(this::tell);
    }

    private static Label caption(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("launch-caption");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private Node row(String title, Optional<Field> field, Node input) {
        Label label = new Label(title);
        label.getStyleClass().add("fact-label");
        label.setMinWidth(78);
        field.ifPresent(f -> inputs.put(f, input));
        label.setLabelFor(input);
        HBox row = new HBox(8, label, input);
        row.setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(input, Priority.ALWAYS);
        return row;
    }

    private Node problem(Field field) {
        Label label = new Label();
        label.setId("launch-problem-" + field.name().toLowerCase(Locale.ROOT));
        label.getStyleClass().add("launch-problem");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.managedProperty().bind(label.visibleProperty());
        problems.put(field, label);
        return label;
    }

    private void tell(Map<Field, String> now) {
        problems.forEach((field, label) -> {
            String text = now.getOrDefault(field, "");
            label.setText(text);
            label.setVisible(!text.isEmpty());
            Optional.ofNullable(inputs.get(field))
                    .ifPresent(input -> input.pseudoClassStateChanged(ERROR, !text.isEmpty()));
        });
    }

    private Node modelField() {
        ComboBox<String> box = new ComboBox<>();
        box.setId("launch-model");
        box.setEditable(true);
        box.getItems().setAll(RunForm.MODELS);
        box.setMaxWidth(Double.MAX_VALUE);
        box.setAccessibleText("Model: tiny, gpt-oss-20b, gpt-oss-120b or a checkpoint's folder");
        box.setTooltip(new Tooltip("Random weights of a named shape, or a checkpoint's folder in Hugging Face layout"));
        follow(RunForm::model, box.getEditor()::getText, box.getEditor()::setText);
        box.getEditor().textProperty().subscribe(text -> typed(() -> model.change(f -> f.withModel(text))));
        return beside(box, "Checkpoint …", "A checkpoint's folder",
                path -> model.change(f -> f.withModel(path.toString())));
    }

    private Node folderField() {
        TextField field = field("launch-folder", "Folder of the results", RunForm::folder,
                (form, text) -> form.withFolder(text));
        return beside(field, "Folder …", "A folder for the results",
                path -> model.change(f -> f.withFolder(path.toString())));
    }

    private Node beside(Region input, String name, String title, Consumer<Path> chosen) {
        Button button = new Button(name);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setAccessibleText(title);
        button.setOnAction(_ -> folders.apply(title).ifPresent(chosen));
        input.setMinWidth(60);
        HBox.setHgrow(input, Priority.ALWAYS);
        return new HBox(6, input, button);
    }

    private Node deviceField() {
        Node chosen = choices("launch-device", RunForm.DEVICES, Function.identity(), RunForm::device,
                device -> model.change(f -> f.withDevice(device)));
        // techniques are tried on the GPU
        model.formProperty().subscribe(form -> chosen.setDisable(form.verb() == Verb.ABLATE));
        return chosen;
    }

    private Node machine() {
        Label label = caption("");
        label.setId("launch-machine");
        label.textProperty().bind(model.machineProperty().map(Machine::words));
        return label;
    }

    private Node profileField() {
        Node chosen = choices("launch-profile", RunForm.PROFILES, Function.identity(), RunForm::profile,
                profile -> model.change(f -> f.withProfile(profile)));
        model.formProperty().subscribe(form -> chosen.setDisable(form.verb() == Verb.ABLATE));
        Tooltip.install(chosen, new Tooltip("auto: a timeline of each layer on a GPU, where CUPTI is found;"
                + " captured apart from the timed runs"));
        return chosen;
    }

    private Node layerBoxes() {
        FlowPane boxes = new FlowPane(7, 4);
        boxes.setPrefWrapLength(328);
        for (Layer layer : model.catalogue().layers()) {
            CheckBox box = new CheckBox(layer.id());
            box.setId("launch-layer-" + layer.id());
            box.setDisable(!model.catalogue().isBuilt(layer));
            box.setTooltip(new Tooltip(layer.name() + ": " + layer.summary()));
            box.setAccessibleText("layer " + layer.id() + ", " + layer.name());
            box.setOnAction(_ -> model.toggleLayer(layer.id()));
            model.formProperty().subscribe(form -> box.setSelected(form.layers().contains(layer.id())));
            boxes.getChildren().add(box);
        }
        return boxes;
    }

    private Node numbers() {
        Label repeats = new Label();
        model.formProperty().subscribe(form -> repeats.setText(form.verb() == Verb.RUN ? "Repeats" : "Pairs"));
        HBox row = new HBox(8,
                number(Field.BATCH, new Label("Batch"), "sequences side by side", Numbers::batch,
                        (n, text) -> new Numbers(text, n.prompt(), n.generate(), n.repeats())),
                number(Field.PROMPT, new Label("Prompt"), "tokens of a prompt", Numbers::prompt,
                        (n, text) -> new Numbers(n.batch(), text, n.generate(), n.repeats())),
                number(Field.GENERATE, new Label("New"), "new tokens of each sequence", Numbers::generate,
                        (n, text) -> new Numbers(n.batch(), n.prompt(), text, n.repeats())),
                number(Field.REPEATS, repeats, "runs that count, after one to warm up", Numbers::repeats,
                        (n, text) -> new Numbers(n.batch(), n.prompt(), n.generate(), text)));
        row.setAlignment(Pos.BOTTOM_LEFT);
        return row;
    }

    private Node number(Field field, Label title, String tip, Function<Numbers, String> value,
            BiFunction<Numbers, String, Numbers> change) {
        TextField input = field("launch-" + field.name().toLowerCase(Locale.ROOT), tip,
                form -> value.apply(form.numbers()),
                (form, text) -> form.withNumbers(change.apply(form.numbers(), text)));
        input.setPrefColumnCount(5);
        input.getStyleClass().add("figures");
        inputs.put(field, input);
        title.getStyleClass().add("run-bar-caption");
        title.setLabelFor(input);
        VBox box = new VBox(2, title, input);
        HBox.setHgrow(box, Priority.ALWAYS);
        return box;
    }

    private TextField field(String id, String tip, Function<RunForm, String> value,
            BiFunction<RunForm, String, RunForm> change) {
        TextField input = new TextField();
        input.setId(id);
        input.getStyleClass().add("small-field");
        input.setTooltip(new Tooltip(tip));
        input.setAccessibleText(tip);
        follow(value, input::getText, input::setText);
        input.textProperty().subscribe(text -> typed(() -> model.change(f -> change.apply(f, text))));
        return input;
    }

    /// Shows what the form says, unless that is what stands there: the cursor of a person who types stays.
    private void follow(Function<RunForm, String> value, Supplier<String> shown,
            Consumer<String> show) {
        model.formProperty().subscribe(form -> {
            String now = value.apply(form);
            if (!now.equals(shown.get())) {
                filling = true;
                try {
                    show.accept(now);
                } finally {
                    filling = false;
                }
            }
        });
    }

    private void typed(Runnable change) {
        if (!filling) {
            change.run();
        }
    }

    private Node memory() {
        Label label = caption("");
        label.setId("launch-memory");
        label.textProperty().bind(model.memoryProperty()
                .map(text -> text.isEmpty() ? "not known: the model's sizes are not" : "analytic: " + text));
        return label;
    }

    private <T> Node choices(String id, List<T> values, Function<T, String> name, Function<RunForm, T> value,
            Consumer<T> choose) {
        ToggleGroup group = new ToggleGroup();
        HBox line = new HBox(2);
        line.setAlignment(Pos.CENTER_LEFT);
        for (T one : values) {
            ToggleButton button = new ToggleButton(name.apply(one));
            button.setId(id + "-" + one.toString().toLowerCase(Locale.ROOT));
            button.getStyleClass().setAll("layer-chip");
            button.setToggleGroup(group);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setOnAction(_ -> {
                button.setSelected(true);
                choose.accept(one);
            });
            model.formProperty().subscribe(form -> {
                if (value.apply(form).equals(one)) {
                    button.setSelected(true);
                }
            });
            line.getChildren().add(button);
        }
        return line;
    }
}
