package org.moelab.traces.export;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Comma-separated values by RFC 4180.
final class CsvTable {
    private CsvTable() {
    }

    static void write(ReportTable table, Writer out) throws IOException {
        List<Column> columns = table.columns();
        for (int i = 0; i < columns.size(); i++) {
            out.write(i == 0 ? "" : ",");
            quote(columns.get(i).name(), out);
        }
        out.write('\n');
        for (List<Cell> row : table.rows()) {
            for (int i = 0; i < columns.size(); i++) {
                out.write(i == 0 ? "" : ",");
                switch (row.get(i)) {
                    case Cell.Text(String text) -> quote(text, out);
                    case Cell.Whole(long value) -> out.write(Long.toString(value));
                    case Cell.Real(double value) -> out.write(Numerals.plain(value, columns.get(i).decimals()));
                    case Cell.Missing _ -> {
                    }
                }
            }
            out.write('\n');
        }
    }

    /// Writes a text, in quotes where it holds a comma, a quote or a line break.
    static void quote(String text, Writer out) throws IOException {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        if (plain) {
            out.write(text);
            return;
        }
        out.write('"');
        out.write(text.replace("\"", "\"\""));
        out.write('"');
    }
}
