package org.moelab.traces.stats.hta;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;

/// A table that a reference tool wrote, and how it compares with a report: whole numbers are equal, others agree to the
/// digits that the reference prints or to a millionth.
record ReferenceTable(List<Map<String, String>> rows) {
    /// Reads the header, which pandas spreads over three lines where columns have two levels.
    static ReferenceTable of(List<String[]> lines) {
        List<Map<String, String>> rows = new ArrayList<>();
        if (lines.isEmpty()) {
            return new ReferenceTable(rows);
        }
        String[] head = lines.getFirst().clone();
        int first = 1;
        if (head.length > 1 && head[0].isEmpty() && head[1].isEmpty()) {
            for (int i = 0; i < head.length; i++) {
                head[i] = i < 2 ? lines.get(2)[i] : lines.get(1)[i];
            }
            first = 3;
        } else if (head.length > 1 && head[0].equals(head[1])) {
            return new ReferenceTable(rows); // two levels over no row at all
        }
        for (String[] line : lines.subList(first, lines.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < head.length && i < line.length; i++) {
                row.put(head[i], line[i]);
            }
            rows.add(row);
        }
        return new ReferenceTable(rows);
    }

    /// What differs, row by row; rows are matched by key columns, and where several share a key, any order will do.
    List<String> differences(ReportTable report, List<String> keys) {
        List<String> columns = report.columns().stream().map(ReportTable.Column::name).toList();
        Map<List<String>, List<Map<String, Cell>>> found = new HashMap<>();
        for (List<Cell> cells : report.rows()) {
            Map<String, Cell> row = new HashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                row.put(columns.get(i), cells.get(i));
            }
            found.computeIfAbsent(keys.stream().map(k -> key(text(row.getOrDefault(k, Cell.Missing.MISSING)))).toList(),
                    _ -> new ArrayList<>())
                    .add(row);
        }
        List<String> differences = new ArrayList<>();
        for (Map<String, String> wanted : rows) {
            List<String> key = keys.stream().map(k -> key(wanted.getOrDefault(k, ""))).toList();
            List<Map<String, Cell>> candidates = found.getOrDefault(key, List.of());
            Map<String, Cell> match = candidates.stream().filter(c -> agree(wanted, c)).findFirst().orElse(null);
            if (match == null) {
                differences.add("wanted " + wanted + ", found " + candidates);
            } else {
                candidates.remove(match);
            }
        }
        if (report.rows().size() != rows.size()) {
            differences.add("wanted %d rows, found %d".formatted(rows.size(), report.rows().size()));
        }
        return differences;
    }

    private static boolean agree(Map<String, String> wanted, Map<String, Cell> found) {
        return wanted.entrySet().stream().filter(e -> !e.getKey().isEmpty())
                .allMatch(e -> found.containsKey(e.getKey())
                        && agree(e.getValue(), found.getOrDefault(e.getKey(), Cell.Missing.MISSING)));
    }

    private static boolean agree(String wanted, Cell found) {
        return switch (found) {
            case Cell.Text(String text) -> text.equals(wanted);
            case Cell.Missing _ -> wanted.isEmpty();
            case Cell.Whole(long value) -> !wanted.isEmpty() && agree(wanted, (double) value);
            case Cell.Real(double value) -> !wanted.isEmpty() && agree(wanted, value);
        };
    }

    private static boolean agree(String wanted, double found) {
        double number = Double.parseDouble(wanted);
        int point = wanted.indexOf('.');
        if (point < 0) {
            return number == found;
        }
        double step = Math.pow(10, -Math.min(9, wanted.length() - point - 1));
        return Math.abs(number - found) <= Math.max(1.01 * step, 1e-6 * Math.abs(number));
    }

    private static String key(String text) {
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String text(Cell cell) {
        return switch (cell) {
            case Cell.Text(String value) -> value;
            case Cell.Whole(long value) -> Long.toString(value);
            case Cell.Real(double value) -> Double.toString(value);
            case Cell.Missing _ -> "";
        };
    }
}
