package org.moelab.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Warning;

/// One command's long work: shows its progress and stops at Ctrl-C. Open while it runs.
final class Work implements AutoCloseable {
    private final Terminal terminal;
    private final Interruption interruption = Interruption.listen();

    private Work(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Begins the work.
    static Work begin(Terminal terminal) {
        return new Work(terminal);
    }

    /// Reads a recording.
    ///
    /// @throws TraceReadException where nothing useful can be read
    /// @throws CancellationException at Ctrl-C
    Recording open(Path file) throws TraceReadException {
        return open(List.of(file));
    }

    /// Reads several recordings as one: the ranks of a job.
    ///
    /// @throws TraceReadException where one cannot be read, or where they do not fit together
    /// @throws CancellationException at Ctrl-C
    Recording open(List<Path> files) throws TraceReadException {
        try (ProgressLine progress = progress(files.getFirst() + (files.size() > 1 ? " …" : ""))) {
            return Recordings.openAll(files, ImportOptions.DEFAULT, progress);
        }
    }

    /// Tells on the terminal what was dropped or looked wrong while reading, so that no figure passes for more than it is.
    void tellWarnings(Recording recording) {
        for (Warning warning : recording.warnings()) {
            terminal.tell(recording.info().files().getFirst() + ": " + warning.message());
        }
    }

    /// A progress line for one step of the work.
    ProgressLine progress(String subject) {
        return new ProgressLine(terminal, subject, interruption::asked);
    }

    /// Whether Ctrl-C was pressed.
    boolean cancelled() {
        return interruption.asked();
    }

    /// @throws CancellationException after Ctrl-C
    void checkCancelled() {
        if (interruption.asked()) {
            throw new CancellationException("cancelled");
        }
    }

    @Override
    public void close() {
        interruption.close();
    }
}
