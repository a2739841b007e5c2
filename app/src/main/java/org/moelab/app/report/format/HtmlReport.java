package org.moelab.app.report.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.moelab.app.export.ThemedSvg;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.KeyFigure;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.document.Table.Rank;
import org.moelab.app.report.document.Table.Row;
import org.moelab.app.theme.Palette;
import org.moelab.traces.export.WholeFile;
import org.moelab.traces.model.ImportMonitor;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A document as one HTML file that needs nothing else: charts as SVG within it, both themes, printable. It is well-formed as
/// XML, too, but for its first line. Without scripts it only lacks sorting and the switch of themes.
final class HtmlReport {
    private final Document document;
    private final ImportMonitor monitor;
    /// Made with the first chart: where Java cannot draw there is none.
    private Optional<ThemedSvg> charts = Optional.empty();
    private final StringBuilder out = new StringBuilder();

    HtmlReport(Document document, ImportMonitor monitor) {
        this.document = document;
        this.monitor = monitor;
    }

    void write(Path file) throws IOException {
        String page = page();
        WholeFile.writeText(file, to -> to.write(page));
    }

    private String page() throws IOException {
        body();
        // the style sheet knows the charts' colours once they are drawn
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                + "<meta name=\"generator\" content=\"MoE Lab\"/>\n<title>" + escaped(document.title()) + "</title>\n"
                + "<style>\n" + colors() + resource("report.css") + charts.map(ThemedSvg::styles).orElse("")
                + "</style>\n</head>\n" + out
                + "<script>\n" + resource("report.js") + "</script>\n</body>\n</html>\n";
    }

    /// The palette as variables; where a browser does not know `light-dark()`, the light theme. Read from its file: the
    /// palette itself needs what servers lack.
    private static String colors() throws IOException {
        JsonNode palette = JsonMapper.shared().readTree(resource("/org/moelab/app/theme/palette.json"));
        StringBuilder plain = new StringBuilder();
        StringBuilder both = new StringBuilder();
        palette.get("light").forEachEntry((role, light) -> {
            String dark = palette.get("dark").get(role).asString();
            plain.append("--").append(role).append(": ").append(light.asString()).append("; ");
            both.append("--").append(role).append(": light-dark(").append(light.asString()).append(", ").append(dark)
                    .append("); ");
        });
        return ":root { color-scheme: light dark; " + plain + "}\n"
                + ":root[data-theme=light] { color-scheme: light; }\n:root[data-theme=dark] { color-scheme: dark; }\n"
                + "@supports (color: light-dark(#000, #fff)) { :root { " + both + "} }\n";
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void body() {
        out.append("""
                <body>
                <a class="skip" href="#report">To the report</a>
                <div class="page">
                <nav class="contents" aria-label="Contents">
                <p>Contents</p>
                <ol>
                """);
        document.sections().forEach(s -> out.append("<li><a href=\"#").append(s.id()).append("\">")
                .append(escaped(s.title())).append("</a></li>\n"));
        out.append("</ol>\n<button type=\"button\" class=\"theme\" hidden=\"hidden\">Theme</button>\n</nav>\n"
                + "<main id=\"report\">\n<header>\n<h1>").append(escaped(document.title())).append("</h1>\n<p>")
                .append(escaped(document.subtitle())).append("</p>\n</header>\n");
        document.warning().ifPresent(warning -> block(new Block.Note(true, warning)));
        document.sections().forEach(this::section);
        out.append("<footer>").append(escaped(document.imprint())).append("</footer>\n</main>\n</div>\n");
    }

    private void section(Section section) {
        monitor.checkCancelled();
        monitor.update((double) document.sections().indexOf(section) / document.sections().size(), "writing");
        out.append("<section id=\"").append(section.id()).append("\">\n<h2>").append(escaped(section.title()))
                .append("</h2>\n");
        section.blocks().forEach(this::block);
        out.append("</section>\n");
    }

    private void block(Block block) {
        switch (block) {
            case Block.Heading(String text) -> element("h3", text);
            case Block.Paragraph(String text) -> element("p", text);
            case Block.Code(String text) -> element("pre", text);
            case Block.Note(boolean warning, String text) -> out
                    .append(warning ? "<p class=\"note warning\"><b>Note:</b> " : "<p class=\"note\">")
                    .append(escaped(text)).append("</p>\n");
            case Block.Lines(List<Line> lines) -> lines(lines);
            case Block.KeyFigures(List<KeyFigure> figures) -> keyFigures(figures);
            case Chart chart -> chart(chart);
            case Table table -> table(table);
            case Block.Fold(String summary, List<Block> blocks) -> {
                out.append("<details class=\"fold\">\n<summary>").append(escaped(summary)).append("</summary>\n");
                blocks.forEach(this::block);
                out.append("</details>\n");
            }
        }
    }

    private void element(String name, String text) {
        out.append('<').append(name).append('>').append(escaped(text)).append("</").append(name).append(">\n");
    }

    private void lines(List<Line> lines) {
        out.append("<dl class=\"lines\">\n");
        lines.forEach(line -> {
            element("dt", line.label());
            element("dd", line.text());
        });
        out.append("</dl>\n");
    }

    private void keyFigures(List<KeyFigure> figures) {
        out.append("<div class=\"keys\">\n");
        for (KeyFigure figure : figures) {
            out.append("<dl class=\"key\" title=\"").append(escaped(figure.basis().label() + "; " + figure.source()))
                    .append("\">");
            out.append("<dt>").append(escaped(figure.label())).append("</dt><dd class=\"value\">")
                    .append(escaped(figure.value())).append("</dd><dd>").append(escaped(figure.detail()))
                    .append("</dd></dl>\n");
        }
        out.append("</div>\n");
    }

    private void chart(Chart chart) {
        monitor.checkCancelled();
        ThemedSvg svg = charts.orElseGet(() -> new ThemedSvg(Palette.LIGHT, Palette.DARK));
        charts = Optional.of(svg);
        out.append("<figure id=\"").append(chart.id()).append("\">\n")
                .append(svg.draw(chart.figure(), chart.id(), chart.description())).append("\n<figcaption>")
                .append(escaped(chart.caption())).append(".</figcaption>\n</figure>\n");
    }

    private void table(Table table) {
        out.append("<div class=\"table\" id=\"").append(table.id())
                .append("\">\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
                .append(escaped(table.caption())).append("\">\n<table")
                .append(table.isSortable() ? " data-sortable=\"\"" : "").append(">\n<caption>")
                .append(escaped(table.caption())).append("</caption>\n<thead>\n<tr>");
        for (Column column : table.columns()) {
            out.append("<th scope=\"col\"").append(column.isNumber() ? " class=\"n\"" : "").append(" title=\"")
                    .append(escaped(column.origin())).append("\">").append(escaped(column.name()))
                    .append(column.unit().isEmpty() ? "" : "<small>" + escaped(column.unit()) + "</small>")
                    .append("</th>");
        }
        out.append("</tr>\n</thead>\n<tbody>\n");
        table.rows().stream().filter(r -> r.rank() != Rank.SUM).forEach(row -> row(table, row));
        out.append("</tbody>\n");
        List<Row> sums = table.rows().stream().filter(r -> r.rank() == Rank.SUM).toList();
        if (!sums.isEmpty()) {
            out.append("<tfoot>\n");
            sums.forEach(row -> row(table, row));
            out.append("</tfoot>\n");
        }
        out.append("</table>\n</div>\n").append(sources(table)).append("</div>\n");
    }

    private void row(Table table, Row row) {
        out.append(row.rank() == Rank.GROUP ? "<tr class=\"group\">" : "<tr>");
        for (int i = 0; i < row.cells().size(); i++) {
            Cell cell = row.cells().get(i);
            Column column = table.columns().get(i);
            String tag = i == 0 ? "th" : "td";
            String kind = switch (column.form()) {
                case NUMBER -> "n";
                case CODE -> "c";
                case TEXT -> "t";
            };
            out.append('<').append(tag).append(i == 0 ? " scope=\"row\"" : "").append(" class=\"").append(kind)
                    .append(cell instanceof Cell.Absent ? " a\"" : "\"");
            if (cell instanceof Cell.Value(double value)) {
                out.append(" data-v=\"").append(value).append('"');
            }
            String text = escaped(column.text(cell));
            // a kernel's name breaks after a word where the table is narrow
            out.append('>').append(kind.startsWith("c") ? text.replace("_", "_<wbr/>") : text).append("</").append(tag)
                    .append('>');
        }
        out.append("</tr>\n");
    }

    private static String sources(Table table) {
        return table.columns().stream()
                .map(c -> "<li><b>" + escaped(c.heading()) + "</b>: " + escaped(c.origin()) + "</li>\n")
                .collect(Collectors.joining("",
                        "<details class=\"sources\"><summary>Sources of the columns</summary>\n<ul>\n",
                        "</ul>\n</details>\n"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
