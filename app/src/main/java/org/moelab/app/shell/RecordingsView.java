package org.moelab.app.shell;

import java.util.List;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;
import org.kordamp.ikonli.javafx.FontIcon;
import org.moelab.app.details.Fact;
import org.moelab.app.details.FactsView;
import org.moelab.app.task.LatestTask;
import org.moelab.app.theme.Panel;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Unit;
import org.moelab.traces.model.Warning;

import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The left column: the open recordings, what the shown one says of itself, and its warnings.
final class RecordingsView extends VBox {
    private static final double ROW = 42;
    private static final int MOST_ROWS = 5;
    /// Room for a warning of two lines.
    private static final double WARNING = 38;
    private static final int MOST_WARNINGS = 4;

    private final MainViewModel model;
    private final ListView<OpenRecording> list = new ListView<>();
    private final ObservableList<Fact.Group> facts = FXCollections.observableArrayList();
    private final LatestTask<List<Fact.Group>> counting;
    private final VBox warnings = new VBox();
    private final ScrollPane warningList;
    private final SimpleStringProperty warningCount = new SimpleStringProperty("");
    private boolean following;

    RecordingsView(MainViewModel model) {
        this.model = model;
        this.counting = new LatestTask<>(model.fxThread(), failure -> model.tell(Notice.failure(failure)));
        setId("recordings");
        getStyleClass().add("column");
        list.setId("recordings-list");
        list.getStyleClass().add("recordings-list");
        list.setItems(model.recordings());
        list.setCellFactory(_ -> new RecordingCell());
        Label none = new Label();
        none.getStyleClass().add("run-about");
        none.textProperty().bind(Lacking.recordings(model.selection()));
        list.setPlaceholder(none);
        list.prefHeightProperty().bind(Bindings.createDoubleBinding(
                () -> ROW * Math.clamp(model.recordings().size(), 1, MOST_ROWS) + 8, model.recordings()));
        list.setMinHeight(ROW);
        list.getSelectionModel().selectedItemProperty().addListener((_, _, chosen) -> {
            if (chosen != null && !following) {
                model.show(chosen);
            }
        });
        Panel recordings = Panel.of("Runs", Bindings.createStringBinding(() -> model.recordings().size() > 1
                ? Unit.COUNT.format(model.recordings().size()) + " open"
                : "", model.recordings()), list);
        recordings.setMinHeight(USE_PREF_SIZE);
        Panel about = Panel.of("Recording", model.selection().recordingProperty()
                .map(r -> r.isPresent() ? "as the file says" : "the run's report"),
                scroll(new FactsView(facts, _ -> {
                })));
        VBox.setVgrow(about, Priority.ALWAYS);
        warnings.getStyleClass().add("warnings");
        warningList = scroll(warnings);
        Panel warningPanel = Panel.of("Warnings", warningCount, warningList);
        warningPanel.setId("warnings");
        warningPanel.visibleProperty().bind(warningCount.isNotEmpty());
        warningPanel.managedProperty().bind(warningPanel.visibleProperty());
        warningPanel.setMinHeight(USE_PREF_SIZE);
        getChildren().addAll(recordings, about, warningPanel);
        model.selection().recordingProperty().subscribe(_ -> follow());
        model.selection().runProperty().subscribe(this::follow);
        model.recordings().subscribe(this::follow);
    }

    private static ScrollPane scroll(VBox content) {
        ScrollPane scroll = new ScrollPane(content);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        return scroll;
    }

    private void follow() {
        following = true;
        try {
            model.current().ifPresentOrElse(list.getSelectionModel()::select, list.getSelectionModel()::clearSelection);
        } finally {
            following = false;
        }
        model.current().ifPresentOrElse(this::describe, this::clear);
    }

    private void clear() {
        counting.cancel();
        facts.setAll(model.selection().runProperty().get().map(RecordingFacts::of).orElse(List.of()));
        warnings.getChildren().clear();
        warningCount.set("");
    }

    private void describe(OpenRecording opened) {
        Recording recording = opened.recording();
        counting.start("Counting events", _ -> RecordingFacts.of(opened), facts::setAll);
        warnings.getChildren().setAll(recording.warnings().stream().map(RecordingsView::line).toList());
        warningList.setPrefViewportHeight(WARNING * Math.min(recording.warnings().size(), MOST_WARNINGS));
        warningCount.set(recording.warnings().isEmpty() ? "" : Unit.COUNT.format(recording.warnings().size()));
    }

    private static Label line(Warning warning) {
        Label line = new Label(warning.message(), new FontIcon(BootstrapIcons.EXCLAMATION_TRIANGLE));
        line.getStyleClass().add("warning-line");
        line.setWrapText(true);
        line.setTooltip(new Tooltip(warning.code() + " · " + Unit.COUNT.format(warning.count())));
        return line;
    }

    private final class RecordingCell extends ListCell<OpenRecording> {
        private final Label badge = new Label();
        private final Label name = new Label();
        private final Label about = new Label();
        private final Label warned = new Label("", new FontIcon(BootstrapIcons.EXCLAMATION_TRIANGLE));
        private final HBox row;

        RecordingCell() {
            badge.getStyleClass().add("run-badge");
            name.getStyleClass().add("run-name");
            about.getStyleClass().add("run-about");
            warned.getStyleClass().add("run-warned");
            Button close = new Button("", new FontIcon(BootstrapIcons.X));
            close.getStyleClass().addAll("quiet", "icon-button");
            close.setTooltip(new Tooltip("Close this recording"));
            close.setAccessibleText("Close this recording");
            close.setOnAction(_ -> {
                if (getItem() != null) {
                    model.close(getItem());
                }
            });
            VBox text = new VBox(name, about);
            text.setMinWidth(0);
            HBox.setHgrow(text, Priority.ALWAYS);
            row = new HBox(8, badge, text, warned, close);
            row.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(OpenRecording recording, boolean empty) {
            super.updateItem(recording, empty);
            if (empty || recording == null) {
                setGraphic(null);
                setTooltip(null);
                return;
            }
            badge.setText(letter(getIndex()));
            name.setText(recording.name());
            about.setText(recording.tool() + " · " + recording.size());
            int count = recording.recording().warnings().size();
            warned.setText(Integer.toString(count));
            warned.setVisible(count > 0);
            warned.setManaged(count > 0);
            setTooltip(new Tooltip(recording.file().toString()));
            setGraphic(row);
        }

        private static String letter(int index) {
            return index < 26 ? String.valueOf((char) ('A' + index)) : Integer.toString(index + 1);
        }
    }
}
