package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.compare.Side;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.traces.model.Recording;

import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;

/// What can be compared: the timelines of the selected run's layers, open or not, then what else is open. For the JavaFX
/// thread.
final class CompareSides {
    private final Selection selection;
    private final ObservableList<OpenRecording> recordings;
    private final ObservableList<Side> sides = FXCollections.observableArrayList();

    CompareSides(Selection selection, ObservableList<OpenRecording> recordings) {
        this.selection = selection;
        this.recordings = recordings;
        recordings.addListener((ListChangeListener<OpenRecording>) _ -> fill());
        selection.runProperty().subscribe(_ -> fill());
    }

    ObservableList<Side> list() {
        return sides;
    }

    private void fill() {
        List<Side> found = new ArrayList<>();
        selection.runProperty().get().ifPresent(run -> run.layers().forEach(layer -> run.timeline(layer)
                .ifPresent(file -> found.add(new Side(file, StoredRun.layerName(layer.layer()), read(file))))));
        recordings.stream().filter(r -> found.stream().noneMatch(s -> s.isOf(r.file())))
                .forEach(r -> found.add(new Side(r.file(), r.name(), Optional.of(r.recording()))));
        if (!found.equals(sides)) {
            sides.setAll(found);
        }
    }

    private Optional<Recording> read(Path file) {
        Side sought = new Side(file, "", Optional.empty());
        return recordings.stream().filter(r -> sought.isOf(r.file())).map(OpenRecording::recording).findFirst();
    }
}
