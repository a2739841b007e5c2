package org.moelab.app.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// One command run to its end in this process: what it wrote and how it ended.
record Run(int exitCode, String out, String err) {
    static Run of(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = CommandLineInterface.run(Terminal.to(out, err),
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    static List<String> filesIn(Path folder) throws java.io.IOException {
        try (var files = java.nio.file.Files.walk(folder)) {
            return files.filter(java.nio.file.Files::isRegularFile).map(f -> folder.relativize(f).toString()).sorted()
                    .toList();
        }
    }
}
