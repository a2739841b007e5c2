package org.moelab.traces.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// The kinds of file that a trace can be converted into, told by their ending.
public enum TraceFile {
    /// A Chrome trace as the PyTorch profiler writes it: Perfetto, HolisticTraceAnalysis and this lab open it.
    CHROME(".json") {
        @Override
        void write(Trace trace, OutputStream out, ImportMonitor monitor) throws IOException {
            ChromeTrace.write(trace, out, monitor);
        }
    },
    /// Comma-separated values, a row an event.
    CSV(".csv") {
        @Override
        void write(Trace trace, OutputStream out, ImportMonitor monitor) throws IOException {
            EventTable.write(trace, out, monitor);
        }
    };

    private static final String PACKED = ".gz";

    private final String ending;

    TraceFile(String ending) {
        this.ending = ending;
    }

    /// The kind of file that a name asks for, empty where it has none of [#endings()].
    public static Optional<TraceFile> of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String unpacked = name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
        return Arrays.stream(values()).filter(f -> unpacked.endsWith(f.ending)).findFirst();
    }

    /// The endings that are known, for people: `.json, .json.gz, .csv, .csv.gz`.
    public static String endings() {
        return Arrays.stream(values()).map(f -> f.ending + ", " + f.ending + PACKED).collect(Collectors.joining(", "));
    }

    /// Writes the trace, whole or not at all; packed where the name ends in `.gz`. Costs a pass over the events and a few
    /// bytes of memory for each.
    ///
    /// @throws IOException where the file cannot be written
    /// @throws java.util.concurrent.CancellationException where the monitor cancels; nothing is left behind then
    public void write(Trace trace, Path file, ImportMonitor monitor) throws IOException {
        boolean packed = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(PACKED);
        WholeFile.writeBytes(file, out -> {
            if (packed) {
                try (OutputStream gzip = new GZIPOutputStream(out, 1 << 16)) {
                    write(trace, gzip, monitor);
                }
            } else {
                write(trace, out, monitor);
            }
        });
    }

    abstract void write(Trace trace, OutputStream out, ImportMonitor monitor) throws IOException;
}
