package org.moelab.app.cli;

import java.nio.file.Path;
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
        try (ProgressLine progress = progress(file.toString())) {
            return Recordings.open(file, ImportOptions.DEFAULT, progress);
        }
    }

    /// Tells on the terminal what was dropped or looked wrong while reading, so that no figure passes for more than it is.
    void tellWarnings(Recording recording) {
        for (Warning warning : recording.warnings()) {
            terminal.err().println("moelab: " + recording.info().files().getFirst() + ": " + warning.message());
        }
    }

    /// A progress line for one step of the work.
    ProgressLine progress(String subject) {
        return new ProgressLine(terminal, subject, interruption::asked);
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
