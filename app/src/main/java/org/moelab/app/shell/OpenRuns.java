package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.model.Recording;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The run directories that the window holds, and the bond between a run's layers and their captured timelines: looking at a
/// layer opens its timeline, and looking at a timeline selects its layer. For the JavaFX thread.
final class OpenRuns {
    private final Selection selection;
    private final Executor painted;
    private final Consumer<Path> openTimeline;
    private final ObservableList<StoredRun> runs = FXCollections.observableArrayList();
    private boolean following;

    /// @param painted runs what it is given when the chosen layer has been painted
    /// @param openTimeline opens a file, or shows it where it is open
    OpenRuns(Selection selection, Executor painted, Consumer<Path> openTimeline) {
        this.selection = selection;
        this.painted = painted;
        this.openTimeline = openTimeline;
        selection.runProperty().subscribe(_ -> showTimeline());
        selection.layerProperty().subscribe(_ -> showTimeline());
    }

    ObservableList<StoredRun> list() {
        return runs;
    }

    /// The open run that a path means.
    Optional<StoredRun> find(Path path) {
        Path sought = StoredRun.folderOf(path).toAbsolutePath().normalize();
        return runs.stream().filter(r -> r.folder().toAbsolutePath().normalize().equals(sought)).findFirst();
    }

    /// Takes a run in and looks at it.
    void add(StoredRun run) {
        runs.add(run);
        select(run);
    }

    /// Takes in a run, in place of an earlier state of the same directory. What was looked at stays so.
    void refresh(StoredRun run) {
        Optional<StoredRun> known = find(run.folder());
        if (known.isEmpty()) {
            add(run);
            return;
        }
        StoredRun before = known.get();
        StoredRun now = run.trials().isEmpty() ? run.withTrialsOf(before) : run;
        runs.set(runs.indexOf(before), now);
        if (selection.runProperty().get().filter(before::equals).isPresent()) {
            Optional<String> layer = selection.layerProperty().get()
                    .filter(id -> !id.equals(before.top().layer()) && now.layer(id).isPresent());
            Optional<String> reference = selection.referenceProperty().get().filter(id -> now.layer(id).isPresent());
            Optional<String> operation = selection.operationProperty().get();
            following = layer.isPresent(); // no timeline of a layer that is not looked at
            try {
                select(now);
                layer.ifPresent(id -> selection.layerProperty().set(Optional.of(id)));
            } finally {
                following = false;
            }
            reference.ifPresent(id -> selection.referenceProperty().set(Optional.of(id)));
            selection.operationProperty().set(operation);
        }
    }

    void select(StoredRun run) {
        selection.runProperty().set(Optional.of(run));
    }

    /// Lets go of a run; the one opened before it is looked at.
    void remove(StoredRun run) {
        runs.remove(run);
        selection.runProperty().set(runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast()));
    }

    private Optional<Path> selectedTimeline() {
        return selection.runProperty().get().flatMap(run -> selection.layerProperty().get().flatMap(run::layer)
                .flatMap(run::timeline));
    }

    private void showTimeline() {
        if (!following) {
            painted.execute(() -> selectedTimeline().ifPresentOrElse(openTimeline, this::leaveOther));
        }
    }

    /// A layer without a timeline is not shown with that of another one.
    private void leaveOther() {
        if (selection.recordingProperty().get().stream().flatMap(r -> r.info().files().stream())
                .anyMatch(file -> runs.stream().anyMatch(run -> run.layerOf(file).isPresent()))) {
            selection.recordingProperty().set(Optional.empty());
        }
    }

    /// The timelines of a run's layers.
    static List<Path> timelines(StoredRun run) {
        return run.layers().stream().flatMap(layer -> run.timeline(layer).stream()).toList();
    }

    /// Selects the layer whose timeline is looked at; another file changes nothing.
    void follow(Path file) {
        for (StoredRun run : runs) {
            Optional<LayerResult> layer = run.layerOf(file);
            if (layer.isPresent()) {
                following = true;
                try {
                    select(run);
                    selection.layerProperty().set(Optional.of(layer.get().layer()));
                } finally {
                    following = false;
                }
            }
        }
    }

    /// Whether a file that was read is to be shown at once: not the timeline of a layer that was left meanwhile.
    boolean isAwaited(Path file) {
        return runs.stream().allMatch(run -> run.layerOf(file).isEmpty())
                || selectedTimeline().filter(file::equals).isPresent();
    }

    /// A file as a timeline of an open run, called after its layer; empty for any other file.
    Optional<OpenRecording> timeline(Path file, Recording recording) {
        return runs.stream().flatMap(run -> run.layerOf(file).stream()
                .map(layer -> new OpenRecording(file, recording,
                        StoredRun.layerName(layer.layer()) + " of " + run.name(),
                        Optional.of("MoE Lab " + run.report().versions().moelab() + " by CUPTI"))))
                .findFirst();
    }
}
