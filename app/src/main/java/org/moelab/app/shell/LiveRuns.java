package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.launch.LaunchViewModel;
import org.moelab.app.launch.LaunchViewModel.Result;
import org.moelab.app.launch.Program;
import org.moelab.app.run.StoredRun;
import org.moelab.app.task.LatestTask;
import org.moelab.app.task.TaskFailedException;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;

/// Shows what a run that was started in the window has kept so far: layers as a run that is open, techniques that were tried
/// beside those of the run that they belong to. For the JavaFX thread.
final class LiveRuns {
    private final MainViewModel model;
    private final LatestTask<StoredRun> layers;
    private final LatestTask<Optional<AblationReport>> trials;
    private Optional<Path> awaiting = Optional.empty();

    LiveRuns(MainViewModel model) {
        this.model = model;
        layers = new LatestTask<>(model.fxThread(), failure -> model.tell(Notice.failure(failure)));
        trials = new LatestTask<>(model.fxThread(), failure -> model.tell(Notice.failure(failure)));
    }

    /// What a window starts runs with: this program, and folders named after the time below the person's own.
    static LaunchViewModel.Setting setting(MainViewModel model) {
        return new LaunchViewModel.Setting(model.catalogue(), Program.current(), model.fxThread(), System::nanoTime,
                () -> Path.of(System.getProperty("user.home"), "moelab-runs", "run-" + DateTimeFormatter
                        .ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).format(LocalDateTime.now(ZoneId.systemDefault())))
                        .toString());
    }

    /// Techniques that are tried next belong to this run.
    void awaitFor(StoredRun run) {
        awaiting = Optional.of(run.folder());
    }

    /// Reads what a run has kept, and shows it.
    void show(Result result) {
        Path folder = result.folder();
        if (result.ablation()) {
            trials.start("Reading " + folder, _ -> {
                try {
                    return AblationFile.read(folder);
                } catch (IOException e) {
                    throw new TaskFailedException(String.valueOf(e.getMessage()), e);
                }
            }, found -> found.ifPresent(this::show));
        } else {
            layers.start("Reading " + folder, _ -> {
                try {
                    return StoredRun.read(folder);
                } catch (IOException e) {
                    throw new TaskFailedException(String.valueOf(e.getMessage()), e);
                }
            }, model::refresh);
        }
    }

    /// Shows techniques with the run that they were tried for, else with the one that is looked at, if the model is the same.
    private void show(AblationReport trial) {
        Optional<StoredRun> run = awaiting
                .flatMap(folder -> model.runs().stream().filter(r -> r.folder().equals(folder)).findFirst())
                .or(() -> model.selection().runProperty().get())
                .filter(r -> r.report().asked().model().equals(trial.asked().model()));
        run.ifPresent(r -> model.refresh(r.tried(trial)));
    }
}
