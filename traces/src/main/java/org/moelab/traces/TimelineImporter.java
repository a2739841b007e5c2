package org.moelab.traces;

import java.util.SequencedMap;

import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// Reads a format that records a timeline, and can go back to the file for what the columns leave out.
public interface TimelineImporter extends TraceImporter {
    @Override
    Trace read(FileProbe probe, ImportOptions options, ImportMonitor monitor) throws TraceReadException;

    /// Everything the file tells of one event beyond the columns, by the producer's own names, read again from the file.
    ///
    /// @throws TraceReadException where the file is gone or changed
    SequencedMap<String, String> details(Trace trace, int event) throws TraceReadException;
}
