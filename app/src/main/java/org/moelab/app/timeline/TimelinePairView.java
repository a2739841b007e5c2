package org.moelab.app.timeline;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;
import org.kordamp.ikonli.javafx.FontIcon;
import org.moelab.app.theme.Tip;
import org.moelab.app.selection.Selection;
import org.moelab.app.theme.Palette;

import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

/// The timeline, and on request another one below it, with the line between them that says which and how they are aligned.
public final class TimelinePairView extends VBox {
    private static final int LONGEST_NAME = 20;

    private final TimelinePairViewModel model;
    private final TimelineView upper;
    private final TimelineView lower;
    private boolean filling;

    /// @param selection what is looked at
    /// @param palette the colours, which may change while the view is shown
    /// @param candidates what can stand below
    /// @param load has a candidate that is not open read
    /// @param store keeps marks and pinned rows
    /// @param nothing what is said where there is no timeline
    public TimelinePairView(Selection selection, ObjectProperty<Palette> palette,
            ObservableList<Candidate> candidates, Consumer<Candidate> load, Annotations.Store store,
            ObservableValue<String> nothing) {
        model = new TimelinePairViewModel(selection, candidates, load, store, TimelineView.SUMS,
                Platform::runLater);
        upper = new TimelineView(model.upper(), palette, nothing);
        lower = new TimelineView(model.lower(), palette, nothing);
        lower.getStyleClass().add("timeline-below");
        setId("timelines");
        setMinSize(0, 0);
        setVgrow(upper, Priority.ALWAYS);
        setVgrow(lower, Priority.ALWAYS);
        // both alike, whatever they would like to be
        for (TimelineView view : List.of(upper, lower)) {
            view.setPrefHeight(100);
            view.setMinHeight(0);
        }
        Node line = line();
        model.comparingProperty().subscribe(on -> getChildren().setAll(on
                ? List.of(upper, line, lower)
                : List.of(upper)));
    }

    /// What the view shows and can do.
    public TimelinePairViewModel viewModel() {
        return model;
    }

    /// The timeline that is looked at.
    public TimelineView upper() {
        return upper;
    }

    /// The sums of the selected part of the timeline that is looked at.
    public ReadOnlyObjectProperty<Optional<AreaStatistics>> areaProperty() {
        return upper.areaProperty();
    }

    /// Puts the row under the pointer above all others, or back into its group; where the pointer is elsewhere that of the
    /// selected event.
    public void pinRow() {
        (lower.isFocused() ? lower : upper).pinRow();
    }

    /// Prepares and paints what is to be shown at once, for pictures of a scene that no window shows.
    public void refresh() {
        upper.refresh();
        lower.refresh();
    }

    private Node line() {
        Label note = new Label();
        note.setId("timelines-note");
        note.getStyleClass().add("panel-caption");
        note.textProperty().bind(model.noteProperty());
        note.setMinWidth(0);
        Label offset = new Label();
        offset.setId("timelines-offset");
        offset.getStyleClass().addAll("panel-caption", "figures");
        offset.setMinWidth(Region.USE_PREF_SIZE);
        Tip.on(offset, "Time below less time above at the same place, each since its recording's start");
        offset.textProperty().bind(Bindings.createStringBinding(model::offset, model.alignmentProperty(),
                model.linkedProperty(), model.lower().sourceProperty()));
        ToggleButton linked = new ToggleButton("Linked");
        linked.setId("timelines-linked");
        linked.getStyleClass().setAll("layer-chip");
        linked.setMinWidth(Region.USE_PREF_SIZE);
        Tip.on(linked, "Zoom and move both together");
        linked.selectedProperty().bindBidirectional(model.linkedProperty());
        Button close = new Button("", new FontIcon(BootstrapIcons.X));
        close.setId("timelines-close");
        close.getStyleClass().addAll("quiet", "icon-button");
        close.setAccessibleText("Show one timeline");
        Tip.on(close, "Show one timeline");
        close.setOnAction(_ -> model.comparingProperty().set(false));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Label above = title("");
        above.setMinWidth(Region.USE_PREF_SIZE);
        above.textProperty().bind(model.upper().sourceProperty().map(_ -> shortened(model.upperName())));
        HBox line = new HBox(above, title("above, below"), others(), title("on"), alignments(), selected(), linked,
                offset, gap,
                note, close);
        line.getStyleClass().add("timelines-line");
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private static String shortened(String name) {
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 1) + "…" : name;
    }

    private static Label title(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("run-bar-caption");
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private Button selected() {
        Button button = new Button("On selected");
        button.setId("timelines-on-selected");
        button.getStyleClass().add("quiet");
        button.setMinWidth(Region.USE_PREF_SIZE);
        Tip.on(button, "Align on the start of what is selected in both");
        button.setOnAction(_ -> model.alignOnSelection());
        return button;
    }

    private Node others() {
        ComboBox<Candidate> box = box("timelines-other", "The timeline below", 130, Candidate::name);
        Runnable fill = () -> fill(box, model.choices(), model.otherProperty().get());
        model.otherProperty().subscribe(fill);
        model.upper().sourceProperty().subscribe(fill);
        box.setOnShowing(_ -> fill.run());
        listen(box, model::choose);
        return box;
    }

    private Node alignments() {
        ComboBox<Alignment> box = box("timelines-aligned", "What both are aligned on", 110, Alignment::label);
        Runnable fill = () -> fill(box, model.alignmentsProperty().get(), model.alignmentProperty().get());
        model.alignmentsProperty().subscribe(fill);
        model.alignmentProperty().subscribe(fill);
        listen(box, model::align);
        return box;
    }

    private <T> ComboBox<T> box(String id, String says, double width, java.util.function.Function<T, String> name) {
        ComboBox<T> box = new ComboBox<>();
        box.setId(id);
        box.setAccessibleText(says);
        Tip.on(box, says);
        box.setPrefWidth(width);
        box.setMinWidth(80);
        box.setConverter(new StringConverter<>() {
            @Override
            public String toString(T value) {
                return value == null ? "" : name.apply(value);
            }

            @Override
            public T fromString(String text) {
                throw new UnsupportedOperationException(text.toLowerCase(Locale.ROOT) + ": chosen, not typed");
            }
        });
        return box;
    }

    private <T> void fill(ComboBox<T> box, List<T> items, Optional<T> chosen) {
        filling = true;
        try {
            box.getItems().setAll(items);
            chosen.ifPresentOrElse(box::setValue, () -> box.setValue(null));
        } finally {
            filling = false;
        }
    }

    private <T> void listen(ObservableValue<T> value, Consumer<T> chosen) {
        value.subscribe(now -> {
            if (now != null && !filling) {
                chosen.accept(now);
            }
        });
    }

    private <T> void listen(ComboBox<T> box, Consumer<T> chosen) {
        listen(box.valueProperty(), chosen);
    }
}
