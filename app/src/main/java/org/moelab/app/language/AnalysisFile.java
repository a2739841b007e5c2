package org.moelab.app.language;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.moelab.traces.export.WholeFile;

/// `llm-analysis.md`: what a language model wrote of a run, kept in its directory, marked as that.
public final class AnalysisFile {
    /// Its name within a run directory.
    public static final String NAME = "llm-analysis.md";

    private static final String SENT = "\n\n---\n\nWhat it was sent:\n\n";
    private static final String QUOTE = "> ";

    private AnalysisFile() {
    }

    /// What the file says.
    ///
    /// @param mark that a language model wrote it, and which; always there, whatever the file says
    /// @param text what it wrote, in Markdown
    /// @param sent what it was sent; empty where the file does not tell
    public record Kept(String mark, String text, String sent) {}

    /// Writes the answer and what was sent; the file appears whole or not at all.
    ///
    /// @return the file
    /// @throws IOException where it cannot be written
    public static Path write(Path folder, Question question, Answer answer) throws IOException {
        Path file = folder.resolve(NAME);
        WholeFile.writeText(file, out -> out.write(QUOTE + answer.mark() + ".\n\n" + answer.text()
                + SENT + indented(question.shown()) + "\n"));
        return file;
    }

    /// As Markdown shows text as it is, whatever it holds.
    private static String indented(String text) {
        return String.join("\n", text.lines().map(l -> l.isEmpty() ? "" : "    " + l).toList());
    }

    /// Reads a run directory's file; empty where it has none.
    ///
    /// @throws IOException where it cannot be read, or is not text; the message names the file
    public static Optional<Kept> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String all;
        try {
            all = Files.readString(file).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read as text", e);
        }
        int sent = all.lastIndexOf(SENT);
        String answer = sent < 0 ? all : all.substring(0, sent);
        String first = answer.lines().findFirst().orElse("");
        boolean marked = first.startsWith(QUOTE + Answer.MARK);
        return Optional.of(new Kept(marked ? first.substring(QUOTE.length()) : Answer.MARK + ".",
                (marked ? answer.substring(first.length()) : answer).strip(),
                sent < 0 ? "" : all.substring(sent + SENT.length()).stripIndent().strip()));
    }
}
