package org.moelab.app.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.moelab.app.export.Figure;
import org.moelab.app.export.PictureFormat;
import org.moelab.app.theme.Palette;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// Asks what to export and how: the view, the kind of file, the scale of a bitmap, the colours.
final class ExportPane extends VBox {
    private static final double LABELS = 100;
    private static final double CHOICES = 420;

    /// A view that can be exported.
    ///
    /// @param title what people call it
    /// @param name a word for the file's name
    /// @param figure what it draws now
    /// @param origin where its figures come from
    record Source(String title, String name, Supplier<Figure> figure, Supplier<Exporter.Origin> origin) {}

    private final Choice<Source> source;
    private final Choice<PictureFormat> format;
    private final Choice<Double> scale;
    private final Choice<Palette> palette;
    private final Button export = new Button("Export …");

    ExportPane(List<Source> sources, Palette now, Exporter exporter, Runnable close) {
        setId("export");
        setSpacing(12);
        setPrefWidth(LABELS + CHOICES + 32);
        Label title = new Label("Export a picture");
        title.getStyleClass().add("overlay-title");
        source = new Choice<>("View", sources, Source::title, sources.getFirst());
        source.nameButtons(s -> "export-" + s.name());
        format = new Choice<>("File", List.of(PictureFormat.values()), f -> f.name(), PictureFormat.PNG);
        scale = new Choice<>("Scale of PNG", List.of(1.0, 2.0, 3.0, 4.0), s -> Math.round(s) + "×", 2.0);
        palette = new Choice<>("Colours", List.of(Palette.DARK, Palette.LIGHT), p -> p.dark() ? "Dark" : "Light", now);
        export.getStyleClass().add("accent");
        export.setDefaultButton(true);
        export.setOnAction(_ -> {
            close.run();
            exporter.picture(source.chosen(),
                    new Exporter.Options(format.chosen(), scale.chosen(), palette.chosen()));
        });
        Button cancel = new Button("Cancel");
        cancel.setOnAction(_ -> close.run());
        HBox buttons = new HBox(8, cancel, export);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        getChildren().addAll(title, source, format, scale, palette, buttons);
    }

    Node firstField() {
        return export;
    }

    /// One of a few.
    private static final class Choice<T> extends HBox {
        private final Map<T, ToggleButton> buttons = new LinkedHashMap<>();
        private T chosen;

        Choice(String title, List<T> values, java.util.function.Function<T, String> name, T first) {
            this.chosen = first;
            setAlignment(Pos.TOP_LEFT);
            Label label = new Label(title);
            label.getStyleClass().add("fact-label");
            label.setMinWidth(LABELS);
            label.setPadding(new Insets(4, 0, 0, 0));
            ToggleGroup group = new ToggleGroup();
            FlowPane line = new FlowPane(4, 4);
            line.setPrefWrapLength(CHOICES);
            setHgrow(line, Priority.ALWAYS);
            for (T value : values) {
                ToggleButton button = new ToggleButton(name.apply(value));
                button.setMinWidth(USE_PREF_SIZE);
                button.setToggleGroup(group);
                button.setSelected(value.equals(first));
                button.setOnAction(_ -> {
                    chosen = value;
                    button.setSelected(true);
                });
                buttons.put(value, button);
                line.getChildren().add(button);
            }
            getChildren().addAll(label, line);
        }

        void nameButtons(java.util.function.Function<T, String> id) {
            buttons.forEach((value, button) -> button.setId(id.apply(value)));
        }

        T chosen() {
            return chosen;
        }
    }
}
