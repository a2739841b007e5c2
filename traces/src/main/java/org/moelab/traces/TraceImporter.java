package org.moelab.traces;

import java.util.Set;

import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.TraceFormat;

/// Reads one file format. Found by `ServiceLoader`; stateless.
public interface TraceImporter {
    /// The format that [#read] gives.
    TraceFormat format();

    /// All formats that [#read] may give, where it can tell producers of one kind of file apart.
    default Set<TraceFormat> formats() {
        return Set.of(format());
    }

    /// Whether the file may be of this format: false only if certain, from its content and never from its name.
    boolean mayRead(FileProbe probe);

    /// Among several importers that may read a file, the one with the highest rank is used. A format with a magic number
    /// ranks over one recognised by its shape.
    int rank();

    /// Reads the file whole. What can be read of a cut-off file is read, with a warning that says so.
    ///
    /// @throws TraceReadException where nothing useful can be read
    /// @throws java.util.concurrent.CancellationException where the monitor cancels
    Recording read(FileProbe probe, ImportOptions options, ImportMonitor monitor) throws TraceReadException;
}
