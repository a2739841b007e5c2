package org.moelab.app.report.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import org.moelab.app.report.document.Document;
import org.moelab.traces.model.ImportMonitor;

/// The files that a report is written to.
public enum ReportFormat {
    /// One file that needs nothing else.
    HTML("html"),
    /// A file, and its charts in a folder beside it.
    MARKDOWN("md"),
    /// Pages to print.
    PDF("pdf");

    private final String extension;

    ReportFormat(String extension) {
        this.extension = extension;
    }

    /// The ending of its files, without the dot.
    public String extension() {
        return extension;
    }

    /// The format that a file's ending asks for.
    public static Optional<ReportFormat> ofFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(f -> name.endsWith("." + f.extension)).findFirst();
    }

    /// The format that a file's ending asks for.
    ///
    /// @throws IOException where there is none
    public static ReportFormat require(Path file) throws IOException {
        return ofFile(file).orElseThrow(
                () -> new IOException(file + ": no format of reports; end the name in one of " + endings()));
    }

    /// The endings, for messages: `.html, .md, .pdf`.
    public static String endings() {
        return Arrays.stream(values()).map(f -> "." + f.extension).collect(Collectors.joining(", "));
    }

    /// Writes a document, whole or not at all.
    ///
    /// @param monitor can stop the work
    /// @throws IOException where the file or its folder cannot be written
    /// @throws java.util.concurrent.CancellationException where the monitor says so
    public void write(Document document, Path file, ImportMonitor monitor) throws IOException {
        switch (this) {
            case HTML -> new HtmlReport(document, monitor).write(file);
            case MARKDOWN -> new MarkdownReport(document, monitor).write(file);
            case PDF -> new PdfReport(document, monitor).write(file);
        }
    }
}
