package org.moelab.app.language;

import java.io.IOException;
import java.nio.file.Path;

import org.moelab.traces.export.WholeFile;

/// `llm-analysis.md`: what a language model wrote of a run, kept in its directory, marked as that.
public final class AnalysisFile {
    /// Its name within a run directory.
    public static final String NAME = "llm-analysis.md";

    private AnalysisFile() {
    }

    /// Writes the answer and what was sent; the file appears whole or not at all.
    ///
    /// @return the file
    /// @throws IOException where it cannot be written
    public static Path write(Path folder, Question question, Answer answer) throws IOException {
        Path file = folder.resolve(NAME);
        WholeFile.writeText(file, out -> out.write("> " + answer.mark() + ".\n\n" + answer.text()
                + "\n\n---\n\nWhat it was sent:\n\n" + indented(question.shown()) + "\n"));
        return file;
    }

    /// As Markdown shows text as it is, whatever it holds.
    private static String indented(String text) {
        return String.join("\n", text.lines().map(l -> l.isEmpty() ? "" : "    " + l).toList());
    }
}
