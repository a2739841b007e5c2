package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.moelab.app.report.RunReports;
import org.moelab.app.report.format.ReportFormat;
import org.moelab.app.run.StoredRun;
import org.moelab.app.shell.FileDialogs.FileKind;
import org.moelab.app.task.BackgroundTask;
import org.moelab.app.task.BackgroundTask.Outcome;
import org.moelab.app.task.TaskFailedException;
import org.moelab.traces.model.ImportMonitor;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// Writes reports of open runs into files that the person names, in the background, one at a time. The file's ending says the
/// format. For the JavaFX thread.
final class ReportExport {
    private static final List<FileKind> KINDS = List.of(
            new FileKind("Web page, one file", ReportFormat.HTML.extension()),
            new FileKind("PDF", ReportFormat.PDF.extension()),
            new FileKind("Markdown, charts beside it", ReportFormat.MARKDOWN.extension()));

    private final MainViewModel model;
    private final FileDialogs dialogs;
    private final ReadOnlyObjectWrapper<Optional<BackgroundTask<?>>> writing = new ReadOnlyObjectWrapper<>(this,
            "writing", Optional.empty());

    ReportExport(MainViewModel model, FileDialogs dialogs) {
        this.model = model;
        this.dialogs = dialogs;
    }

    /// The report that is being written.
    ReadOnlyObjectProperty<Optional<BackgroundTask<?>>> writingProperty() {
        return writing.getReadOnlyProperty();
    }

    /// Asks for a file and writes the report of the run that is looked at.
    void ofRun() {
        model.selection().runProperty().get().ifPresent(run -> write("Report of " + run.name(),
                run.name() + "-report", (file, monitor) -> RunReports.write(run, file, monitor)));
    }

    /// Asks for a file and writes what the run that is looked at changed against the one that was opened before it, or, where it
    /// was the first, after it.
    void ofTwo() {
        model.selection().runProperty().get().ifPresent(run -> neighbour(run).ifPresent(
                other -> write("Report of " + run.name() + " against " + other.name(),
                        other.name() + "-" + run.name() + "-report",
                        (file, monitor) -> RunReports.compare(other, run, file, monitor))));
    }

    private Optional<StoredRun> neighbour(StoredRun run) {
        List<StoredRun> runs = model.runs();
        int at = runs.indexOf(run);
        return at < 0 || runs.size() < 2 ? Optional.empty() : Optional.of(runs.get(at == 0 ? 1 : at - 1));
    }

    /// Stops writing. What stood under the file's name before stays.
    void cancel() {
        writing.get().ifPresent(BackgroundTask::cancel);
        writing.set(Optional.empty());
    }

    @FunctionalInterface
    private interface Writing {
        void run(Path file, ImportMonitor monitor) throws IOException;
    }

    private void write(String title, String stem, Writing report) {
        if (writing.get().isEmpty()) {
            dialogs.target(title, stem + "." + KINDS.getFirst().extension(), KINDS)
                    .ifPresent(file -> start(title, file, report));
        }
    }

    private void start(String title, Path file, Writing report) {
        writing.set(Optional.of(BackgroundTask.start(title, model.fxThread(), monitor -> {
            try {
                report.run(file, monitor);
                return file;
            } catch (IOException e) {
                throw new TaskFailedException("not written: " + e.getMessage(), e);
            }
        }, new Outcome<>(done -> ended(Notice.done("Written: " + done)), failure -> ended(Notice.failure(failure))))));
    }

    private void ended(Notice notice) {
        writing.set(Optional.empty());
        model.tell(notice);
    }
}
