package org.moelab.app.report.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.document.Table.Rank;
import org.moelab.app.report.document.Table.Row;
import org.moelab.app.theme.Fonts.Face;
import org.moelab.app.theme.Palette;

import javafx.scene.paint.Color;

/// A table on pages: as wide as they are, its head on each of them, a row never split.
final class PdfTable {
    private static final double LEAD = 1.3;
    private static final double GAP = 4;
    private static final double[] SIZES = { 7.5, 7, 6.5, 6 };
    private static final double SMALL = 6;
    /// Words narrower than this are not broken.
    private static final double LEAST_WORD = 92;

    private final PdfPages pages;
    private final Palette palette;
    private final Table table;
    private double size = SIZES[0];
    private double[] widths = {};

    PdfTable(PdfPages pages, Palette palette, Table table) {
        this.pages = pages;
        this.palette = palette;
        this.table = table;
    }

    void draw() throws IOException {
        layOut();
        double first = table.rows().isEmpty() ? 0 : height(table.rows().getFirst());
        pages.need(16 + headHeight() + 2 * first + size);
        caption("");
        head();
        String sources = "Sources. " + table.columns().stream().map(c -> c.heading() + ": " + c.origin())
                .collect(Collectors.joining(" · ")) + ".";
        for (int i = 0; i < table.rows().size(); i++) {
            Row row = table.rows().get(i);
            double height = height(row);
            if (pages.room() < height + after(i, sources)) {
                pages.turn();
                caption(" (continued)");
                head();
            }
            row(row, height);
        }
        pages.rule(PdfPages.LEFT, pages.y(), PdfPages.RIGHT, palette.line(), 0.6);
        pages.skip(3);
        pages.paragraph(sources, Face.TEXT, SMALL, PdfPages.LEFT, PdfPages.RIGHT, palette.muted());
        pages.skip(12);
    }

    /// What has to stay on the page of a row: sources with the last one, and the sum with the one before it.
    private double after(int index, String sources) throws IOException {
        int left = table.rows().size() - 1 - index;
        if (left == 0) {
            return sourcesHeight(sources);
        }
        Row next = table.rows().get(index + 1);
        return left == 1 && next.rank() == Rank.SUM ? height(next) + sourcesHeight(sources) : 0;
    }

    private double sourcesHeight(String sources) throws IOException {
        return pages.wrap(sources, Face.TEXT, SMALL, PdfPages.RIGHT - PdfPages.LEFT).size() * SMALL * 1.4 + 4;
    }

    private void caption(String more) throws IOException {
        pages.paragraph(table.caption() + more, Face.BOLD, 8.5, PdfPages.LEFT, PdfPages.RIGHT, palette.text());
        pages.skip(3);
    }

    /// The largest size of letters at which no word that should stay whole has to break.
    private void layOut() throws IOException {
        double room = PdfPages.RIGHT - PdfPages.LEFT;
        for (double of : SIZES) {
            size = of;
            double[] least = widths(true);
            if (Arrays.stream(least).sum() <= room) {
                widths = share(least, widths(false), room);
                return;
            }
        }
        double[] least = widths(true);
        double sum = Arrays.stream(least).sum();
        widths = Arrays.stream(least).map(w -> w * room / sum).toArray();
    }

    /// Columns grow from their least width towards what their longest cell wants; what is then left goes to all.
    private static double[] share(double[] least, double[] most, double room) {
        double wanted = 0;
        for (int i = 0; i < least.length; i++) {
            wanted += Math.max(0, most[i] - least[i]);
        }
        double part = wanted > 0 ? Math.min(1, (room - Arrays.stream(least).sum()) / wanted) : 0;
        double[] shared = least.clone();
        for (int i = 0; i < least.length; i++) {
            shared[i] += Math.max(0, most[i] - least[i]) * part;
        }
        double sum = Arrays.stream(shared).sum();
        return Arrays.stream(shared).map(w -> w * room / sum).toArray();
    }

    /// The widths that the columns need where words stay whole, or where cells do.
    private double[] widths(boolean words) throws IOException {
        double[] needed = new double[table.columns().size()];
        for (int i = 0; i < needed.length; i++) {
            Column column = table.columns().get(i);
            needed[i] = Math.max(widest(column.name(), Face.BOLD, words), widest(column.unit(), Face.TEXT, words));
            for (Row row : table.rows()) {
                String text = column.text(row.cells().get(i));
                needed[i] = Math.max(needed[i],
                        widest(text, face(row, i), words && !isFigure(row.cells().get(i))));
            }
            needed[i] += 2 * GAP;
        }
        return needed;
    }

    private static boolean isFigure(Cell cell) {
        return cell instanceof Cell.Value;
    }

    private double widest(String text, Face face, boolean words) throws IOException {
        double widest = 0;
        for (String part : words ? text.split(" ", -1) : new String[] { text }) {
            double width = pages.width(part, face, size);
            widest = Math.max(widest, words ? Math.min(width, LEAST_WORD) : width);
        }
        return widest;
    }

    private Face face(Row row, int i) {
        boolean strong = row.rank() != Rank.PLAIN;
        boolean words = table.columns().get(i).form() == Column.Form.TEXT
                || row.cells().get(i) instanceof Cell.Absent;
        return words
                ? strong ? Face.BOLD : Face.TEXT
                : strong ? Face.BOLD_FIGURES : Face.FIGURES;
    }

    private double headHeight() throws IOException {
        double lines = 1;
        for (int i = 0; i < widths.length; i++) {
            lines = Math.max(lines, headLines(i).size());
        }
        return lines * size * LEAD + 5;
    }

    private List<String> headLines(int i) throws IOException {
        Column column = table.columns().get(i);
        List<String> lines = new ArrayList<>(pages.wrap(column.name(), Face.BOLD, size, widths[i] - 2 * GAP + 0.5));
        if (!column.unit().isEmpty()) {
            lines.add(column.unit());
        }
        return lines;
    }

    private void head() throws IOException {
        double height = headHeight();
        pages.fill(PdfPages.LEFT, pages.y(), PdfPages.RIGHT - PdfPages.LEFT, height, palette.raised());
        double x = PdfPages.LEFT;
        for (int i = 0; i < widths.length; i++) {
            List<String> lines = headLines(i);
            for (int l = 0; l < lines.size(); l++) {
                boolean unit = l == lines.size() - 1 && !table.columns().get(i).unit().isEmpty();
                line(lines.get(l), unit ? Face.TEXT : Face.BOLD, i, x, pages.y() + 1.5 + size + l * size * LEAD,
                        palette.muted());
            }
            x += widths[i];
        }
        pages.skip(height);
        pages.rule(PdfPages.LEFT, pages.y(), PdfPages.RIGHT, palette.line(), 0.8);
    }

    private List<String> lines(Row row, int i) throws IOException {
        Column column = table.columns().get(i);
        return pages.wrap(column.text(row.cells().get(i)), face(row, i), size, widths[i] - 2 * GAP + 0.5);
    }

    private double height(Row row) throws IOException {
        int most = 1;
        for (int i = 0; i < widths.length; i++) {
            most = Math.max(most, lines(row, i).size());
        }
        return most * size * LEAD + 3.4;
    }

    private void row(Row row, double height) throws IOException {
        if (row.rank() == Rank.GROUP) {
            pages.fill(PdfPages.LEFT, pages.y(), PdfPages.RIGHT - PdfPages.LEFT, height, palette.raised());
        }
        pages.rule(PdfPages.LEFT, pages.y(), PdfPages.RIGHT, row.rank() == Rank.SUM ? palette.muted() : palette.grid(),
                row.rank() == Rank.SUM ? 0.8 : 0.5);
        double x = PdfPages.LEFT;
        for (int i = 0; i < widths.length; i++) {
            Color color = row.cells().get(i) instanceof Cell.Absent ? palette.muted() : palette.text();
            List<String> lines = lines(row, i);
            for (int l = 0; l < lines.size(); l++) {
                line(lines.get(l), face(row, i), i, x, pages.y() + 1.2 + size + l * size * LEAD, color);
            }
            x += widths[i];
        }
        pages.skip(height);
    }

    private void line(String text, Face face, int column, double x, double baseline, Color color) throws IOException {
        if (table.columns().get(column).isNumber()) {
            pages.textRight(text, face, size, x + widths[column] - GAP, baseline, color);
        } else {
            pages.text(text, face, size, x + GAP, baseline, color);
        }
    }
}
