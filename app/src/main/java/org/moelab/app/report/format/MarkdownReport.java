package org.moelab.app.report.format;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.KeyFigure;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.document.Table.Rank;
import org.moelab.app.report.document.Table.Row;
import org.moelab.app.theme.Palette;
import org.moelab.traces.export.WholeFile;
import org.moelab.traces.model.ImportMonitor;

/// A document as GitHub's Markdown. Charts are SVG files in a folder beside it: for `report.md`, `report_files`.
final class MarkdownReport {
    private final Document document;
    private final ImportMonitor monitor;
    private final StringBuilder out = new StringBuilder();
    private final List<Chart> charts = new ArrayList<>();
    private String folderName = "";
    /// Whether the new folder has its name.
    private boolean placed;

    MarkdownReport(Document document, ImportMonitor monitor) {
        this.document = document;
        this.monitor = monitor;
    }

    /// The folder of a report's charts.
    static Path folderOf(Path file) {
        return file.resolveSibling(String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "") + "_files");
    }

    /// Charts are drawn into a folder of another name, which takes its place once the text is ready; where anything fails, what
    /// was there before stays.
    void write(Path file) throws IOException {
        Path folder = folderOf(file);
        folderName = folder.getFileName().toString();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        text();
        if (charts.isEmpty()) {
            WholeFile.writeText(file, to -> to.append(out));
            return;
        }
        String mark = "." + folderName + "." + Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path drawn = folder.resolveSibling(mark + ".part");
        Path old = folder.resolveSibling(mark + ".old");
        boolean done = false;
        try {
            draw(made(drawn, file));
            WholeFile.writeText(file, to -> {
                to.append(out);
                replace(folder, drawn, old);
            });
            done = true;
        } finally {
            if (!done) {
                restore(folder, old);
            }
            delete(drawn);
            delete(old);
        }
    }

    private static Path made(Path folder, Path file) throws IOException {
        try {
            return Files.createDirectory(folder);
        } catch (FileSystemException e) {
            FileSystemException named = new FileSystemException(file.toString(), null,
                    "the folder of its charts cannot be made beside it");
            named.initCause(e);
            throw named;
        }
    }

    private void draw(Path folder) throws IOException {
        for (Chart chart : charts) {
            monitor.checkCancelled();
            monitor.update((double) charts.indexOf(chart) / charts.size(), "drawing charts");
            FigureWriter.preferred(chart.figure(), Palette.LIGHT, 1).write(chart.figure(),
                    new Caption(document.title(), document.subtitle(), document.date()),
                    folder.resolve(chart.id() + ".svg"));
        }
    }

    private void replace(Path folder, Path drawn, Path old) throws IOException {
        if (Files.isDirectory(folder)) {
            Files.move(folder, old);
        }
        Files.move(drawn, folder, StandardCopyOption.ATOMIC_MOVE);
        placed = true;
    }

    /// Takes back what [#replace] did, where it did something.
    private void restore(Path folder, Path old) throws IOException {
        if (placed) {
            delete(folder);
        }
        if (Files.isDirectory(old)) {
            Files.move(old, folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void text() {
        out.append("# ").append(escaped(document.title())).append("\n\n").append(escaped(document.subtitle()))
                .append("\n\n");
        document.warning().ifPresent(warning -> block(new Block.Note(true, warning)));
        for (Section section : document.sections()) {
            out.append("- [").append(escaped(section.title())).append("](#").append(anchor(section.title()))
                    .append(")\n");
        }
        out.append('\n');
        for (Section section : document.sections()) {
            out.append("## ").append(escaped(section.title())).append("\n\n");
            section.blocks().forEach(this::block);
        }
        out.append("---\n\n").append(escaped(document.imprint())).append('\n');
    }

    /// The anchor that GitHub gives a heading.
    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }

    private void block(Block block) {
        switch (block) {
            case Block.Heading(String text) -> out.append("### ").append(escaped(text)).append("\n\n");
            case Block.Paragraph(String text) -> out.append(escaped(text)).append("\n\n");
            case Block.Code(String text) -> out.append("```sh\n").append(text).append("\n```\n\n");
            case Block.Note(boolean warning, String text) -> out.append(warning ? "> [!WARNING]\n> " : "> [!NOTE]\n> ")
                    .append(escaped(text)).append("\n\n");
            case Block.Lines(List<Line> lines) -> {
                lines.forEach(line -> out.append("- **").append(escaped(line.label())).append("**: ")
                        .append(escaped(line.text())).append('\n'));
                out.append('\n');
            }
            case Block.KeyFigures(List<KeyFigure> figures) -> keyFigures(figures);
            case Chart chart -> {
                charts.add(chart);
                out.append("![").append(escaped(chart.description())).append("](")
                        .append(folderName.replace(" ", "%20"))
                        .append('/').append(chart.id()).append(".svg)\n\n*").append(escaped(chart.caption()))
                        .append(".*\n\n");
            }
            case Table table -> table(table);
            case Block.Fold(String summary, List<Block> blocks) -> {
                out.append("<details>\n<summary>").append(summary.replace("&", "&amp;").replace("<", "&lt;"))
                        .append("</summary>\n\n");
                blocks.forEach(this::block);
                out.append("</details>\n\n");
            }
        }
    }

    private void keyFigures(List<KeyFigure> figures) {
        out.append("| Figure | Value | Beside | Basis |\n|---|---:|---|---|\n");
        figures.forEach(f -> out.append("| ").append(escaped(f.label())).append(" | ").append(escaped(f.value()))
                .append(" | ").append(escaped(f.detail())).append(" | ")
                .append(escaped(f.basis().label() + "; " + f.source())).append(" |\n"));
        out.append('\n');
    }

    private void table(Table table) {
        out.append("**").append(escaped(table.caption())).append("**\n\n");
        out.append(table.columns().stream().map(c -> escaped(c.heading()))
                .collect(Collectors.joining(" | ", "| ", " |\n")));
        out.append(table.columns().stream().map(c -> c.isNumber() ? "---:" : "---")
                .collect(Collectors.joining("|", "|", "|\n")));
        table.rows().forEach(row -> row(table, row));
        out.append("\n<details>\n<summary>Sources of the columns</summary>\n\n");
        table.columns().forEach(c -> out.append("- ").append(escaped(c.heading())).append(": ")
                .append(escaped(c.origin())).append('\n'));
        out.append("\n</details>\n\n");
    }

    private void row(Table table, Row row) {
        out.append('|');
        for (int i = 0; i < row.cells().size(); i++) {
            Column column = table.columns().get(i);
            String text = column.text(row.cells().get(i));
            String shown = column.form() == Column.Form.CODE && !text.isEmpty() && !text.equals("–")
                    ? "`" + text.replace("|", "\\|").replace("`", "'") + "`"
                    : escaped(text);
            boolean strong = row.rank() != Rank.PLAIN && !shown.isEmpty() && !shown.startsWith("`");
            out.append(' ').append(strong ? "**" + shown + "**" : shown).append(" |");
        }
        out.append('\n');
    }

    /// Text that stays as it is: nothing in it is markup.
    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replaceAll("([|*_`\\[\\]<>#~$])", "\\\\$1").replace("\n", " ");
    }
}
