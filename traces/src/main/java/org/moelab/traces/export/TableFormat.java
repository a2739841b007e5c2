package org.moelab.traces.export;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;

import org.moelab.traces.stats.ReportTable;

/// The ways to write a report's table. [Enum#name()] in lower case is what the command line takes.
public enum TableFormat {
    /// Aligned columns for a terminal: figures to the right, with thousands separators; long texts are shortened.
    TABLE("txt") {
        @Override
        public void write(ReportTable table, Writer out) throws IOException {
            TextTable.write(table, out);
        }
    },
    /// Comma-separated values with a heading row, quoted as in RFC 4180; lines end with a line feed.
    CSV("csv") {
        @Override
        public void write(ReportTable table, Writer out) throws IOException {
            CsvTable.write(table, out);
        }
    },
    /// An array with an object a row; a missing figure is `null`.
    JSON("json") {
        @Override
        public void write(ReportTable table, Writer out) throws IOException {
            JsonTable.write(table, out);
        }
    };

    private final String extension;

    TableFormat(String extension) {
        this.extension = extension;
    }

    /// The ending of a file of this format, without the dot.
    public String extension() {
        return extension;
    }

    /// Writes the table row by row; the writer is left open.
    public abstract void write(ReportTable table, Writer out) throws IOException;

    /// Writes the table into a file, whole or not at all.
    public void write(ReportTable table, Path file) throws IOException {
        WholeFile.writeText(file, out -> write(table, out));
    }

    /// The table as text.
    public String render(ReportTable table) {
        StringWriter out = new StringWriter();
        try {
            write(table, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
        return out.toString();
    }
}
