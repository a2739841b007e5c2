package org.moelab.traces.export;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Aligned columns for people at a terminal.
final class TextTable {
    /// Texts longer than this lose their middle, so that a demangled kernel name does not drown the figures.
    private static final int LONGEST_TEXT = 100;
    /// Decimals shown where the column asks for all that the double has.
    private static final int MOST_DECIMALS = 4;
    private static final String GAP = "  ";

    private TextTable() {
    }

    static void write(ReportTable table, Writer out) throws IOException {
        int count = table.columns().size();
        boolean[] figures = new boolean[count];
        int[] widths = new int[count];
        for (int i = 0; i < count; i++) {
            int column = i;
            figures[i] = table.rows().stream().noneMatch(row -> row.get(column) instanceof Cell.Text)
                    && !table.rows().isEmpty();
            widths[i] = Math.max(length(heading(table.columns().get(i))),
                    table.rows().stream().mapToInt(r -> length(text(r, table.columns(), column))).max().orElse(0));
        }
        line(i -> heading(table.columns().get(i)), widths, figures, out);
        line(i -> "─".repeat(widths[i]), widths, figures, out);
        for (List<Cell> row : table.rows()) {
            line(i -> text(row, table.columns(), i), widths, figures, out);
        }
    }

    @FunctionalInterface
    private interface CellText {
        String at(int column);
    }

    private static void line(CellText cells, int[] widths, boolean[] figures, Writer out) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.at(i);
            String padding = " ".repeat(widths[i] - length(cell));
            line.append(i == 0 ? "" : GAP).append(figures[i] ? padding + cell : cell + padding);
        }
        out.write(line.toString().stripTrailing());
        out.write('\n');
    }

    private static String heading(Column column) {
        return printable(column.name());
    }

    private static String text(List<Cell> row, List<Column> columns, int i) {
        return switch (row.get(i)) {
            case Cell.Text(String text) -> shortened(printable(text));
            case Cell.Whole(long value) -> figure(columns.get(i), Long.toString(value));
            case Cell.Real(double value) -> figure(columns.get(i), Numerals.plain(value,
                    columns.get(i).decimals() < 0 ? MOST_DECIMALS : columns.get(i).decimals()));
            case Cell.Missing _ -> "–";
        };
    }

    /// Groups of three help to read a quantity; in an identifier, which has no unit, they would only mislead.
    private static String figure(Column column, String plain) {
        return column.unit() == Unit.NONE ? plain : Numerals.grouped(plain);
    }

    private static String shortened(String text) {
        if (length(text) <= LONGEST_TEXT) {
            return text;
        }
        int tail = LONGEST_TEXT / 4;
        int[] points = text.codePoints().toArray();
        return new String(points, 0, LONGEST_TEXT - tail - 1) + "…" + new String(points, points.length - tail, tail);
    }

    /// Control characters would move the terminal's cursor, or worse.
    private static String printable(String text) {
        return text.codePoints().anyMatch(Character::isISOControl)
                ? text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString()
                : text;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
