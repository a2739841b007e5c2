package org.moelab.app.shell;

import java.nio.file.Path;

import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;

/// Where the window's recordings come from.
@FunctionalInterface
public interface RecordingSource {
    /// Files, by the importer that recognises their content.
    RecordingSource FILES = (file, monitor) -> Recordings.open(file, ImportOptions.DEFAULT, monitor);

    /// Reads one recording.
    ///
    /// @throws TraceReadException where it cannot be read
    /// @throws java.util.concurrent.CancellationException where the monitor cancels
    Recording open(Path file, ImportMonitor monitor) throws TraceReadException;
}
