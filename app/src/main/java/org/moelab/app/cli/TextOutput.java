package org.moelab.app.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import org.moelab.traces.export.TableFormat;
import org.moelab.traces.export.WholeFile;

/// Where a command's one text goes: standard output, or a file, whole or not at all.
///
/// @param standardOutput where it goes without a file
/// @param file where it goes otherwise
record TextOutput(Writer standardOutput, Optional<Path> file) {
    /// Writes the text.
    @FunctionalInterface
    interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /// Writes the content.
    ///
    /// @throws IOException where the file cannot be written; it names the file
    void write(Content content) throws IOException {
        if (file.isEmpty()) {
            content.writeTo(standardOutput);
            return;
        }
        WholeFile.writeText(file.get(), content::writeTo);
    }

    /// The format that is asked for, else the one of the file's ending, else a table.
    TableFormat format(Optional<TableFormat> asked) {
        return asked.orElseGet(() -> Arrays.stream(TableFormat.values())
                .filter(f -> file.isPresent() && file.get().toString().endsWith("." + f.extension())).findFirst()
                .orElse(TableFormat.TABLE));
    }
}
