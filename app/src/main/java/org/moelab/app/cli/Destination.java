package org.moelab.app.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.moelab.traces.export.TableFormat;

/// Where report tables go.
sealed interface Destination {
    /// Writes the tables. Each file is whole or absent; nothing is created for no tables.
    ///
    /// @throws IOException where a file or its folder cannot be written
    void write(List<Answer> answers) throws IOException;

    /// Text on standard output.
    record Console(Writer out, TableFormat format) implements Destination {
        @Override
        public void write(List<Answer> answers) throws IOException {
            if (answers.size() == 1) {
                format.write(answers.getFirst().table(), out);
            } else if (format == TableFormat.JSON) {
                writeObject(answers);
            } else {
                for (Answer answer : answers) {
                    out.write(answer.report().name() + ": " + answer.report().title() + "\n\n");
                    format.write(answer.table(), out);
                    out.write("\n");
                }
            }
        }

        /// One object with a table a report name. Report names need no escapes.
        private void writeObject(List<Answer> answers) throws IOException {
            String separator = "{\n";
            for (Answer answer : answers) {
                out.write(separator + "\"" + answer.report().name() + "\": ");
                format.write(answer.table(), out);
                separator = ",\n";
            }
            out.write(answers.isEmpty() ? "{}\n" : "}\n");
        }
    }

    /// A file for the one table.
    record OneFile(Path file, TableFormat format) implements Destination {
        @Override
        public void write(List<Answer> answers) throws IOException {
            for (Answer answer : answers) {
                format.write(answer.table(), file);
            }
        }
    }

    /// A folder, made where it is missing, that gets a file named after each report.
    record Folder(Path folder, TableFormat format) implements Destination {
        @Override
        public void write(List<Answer> answers) throws IOException {
            if (!answers.isEmpty()) {
                Files.createDirectories(folder);
            }
            for (Answer answer : answers) {
                format.write(answer.table(), folder.resolve(answer.report().name() + "." + format.extension()));
            }
        }
    }

    /// Standard output where no output is named; a folder for several reports, for an existing folder and for a name
    /// that ends in a slash; else a file, whose ending tells the format where none is asked for.
    static Destination of(Writer standardOutput, Optional<String> output, Optional<TableFormat> format,
            int reportCount) {
        if (output.isEmpty()) {
            return new Console(standardOutput, format.orElse(TableFormat.TABLE));
        }
        Path path = Path.of(output.get());
        if (reportCount > 1 || output.get().endsWith("/") || Files.isDirectory(path)) {
            return new Folder(path, format.orElse(TableFormat.CSV));
        }
        return new OneFile(path, format.orElseGet(() -> formatOf(path)));
    }

    private static TableFormat formatOf(Path file) {
        return Arrays.stream(TableFormat.values()).filter(f -> file.toString().endsWith("." + f.extension()))
                .findFirst()
                .orElse(TableFormat.TABLE);
    }
}
