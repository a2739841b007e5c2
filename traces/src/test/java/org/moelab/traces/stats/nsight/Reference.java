package org.moelab.traces.stats.nsight;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

import org.moelab.traces.export.TableFormat;
import org.moelab.traces.stats.ReportTable;

/// The answer of a reference tool as CSV, and its comparison with ours, row by row: figures are equal to the digits that
/// the reference prints, the order of rows does not count.
final class Reference {
    private final List<Map<String, String>> rows;

    private Reference(List<Map<String, String>> rows) {
        this.rows = rows;
    }

    /// Reads `FILE` or `FILE.gz`; empty where neither is there or it holds no rows.
    static Optional<Reference> read(Path file) {
        Path packed = file.resolveSibling(file.getFileName() + ".gz");
        try {
            if (Files.exists(file)) {
                return of(Files.readString(file));
            }
            if (Files.exists(packed)) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
                    return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Reference> of(String csv) {
        List<Map<String, String>> rows = parse(csv);
        return rows.isEmpty() ? Optional.empty() : Optional.of(new Reference(rows));
    }

    int size() {
        return rows.size();
    }

    /// What differs in a table of ours, a sentence a row; empty where it is equal.
    List<String> differences(ReportTable table, List<String> keys) {
        List<Map<String, String>> ours = parse(TableFormat.CSV.render(table));
        List<String> differences = new ArrayList<>();
        if (ours.size() != rows.size()) {
            differences.add("expected " + rows.size() + " rows, found " + ours.size());
        }
        Map<List<String>, List<Map<String, String>>> byKey = ours.stream()
                .collect(Collectors.groupingBy(r -> key(r, keys)));
        for (Map<String, String> wanted : rows) {
            List<Map<String, String>> candidates = byKey.getOrDefault(key(wanted, keys), List.of());
            if (candidates.isEmpty()) {
                differences.add("missing " + key(wanted, keys));
            } else if (candidates.stream().noneMatch(r -> equal(wanted, r, keys))) {
                differences.add("expected " + wanted + " found " + candidates);
            }
        }
        return differences;
    }

    private static List<String> key(Map<String, String> row, List<String> keys) {
        return keys.stream().map(k -> label(row.getOrDefault(k, ""))).toList();
    }

    /// Versions differ in how they write a direction, and in whether the default domain shows as a colon.
    private static String label(String text) {
        String plain = text.strip();
        return (plain.startsWith(":") ? plain.substring(1) : plain).replace("Host-to-Device", "HtoD")
                .replace("Device-to-Host", "DtoH")
                .replace("Device-to-Device", "DtoD").replace("Host-to-Host", "HtoH").replace("Peer-to-Peer", "PtoP");
    }

    private static boolean equal(Map<String, String> wanted, Map<String, String> found, List<String> keys) {
        return wanted.entrySet().stream().filter(e -> !keys.contains(e.getKey()))
                .allMatch(e -> equal(e.getValue(), found.getOrDefault(e.getKey(), "absent")));
    }

    private static boolean equal(String wanted, String found) {
        if (wanted.equals(found)) {
            return true;
        }
        double a = Double.parseDouble(wanted);
        double b = Double.parseDouble(found);
        int point = wanted.indexOf('.');
        int digits = point < 0 ? 0 : wanted.length() - point - 1;
        double step = digits == 0 ? 0 : Math.max(1.01 * Math.pow(10, -digits), 1e-6 * Math.abs(a));
        return Math.abs(a - b) <= step;
    }

    private static List<Map<String, String>> parse(String csv) {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> head = List.of();
        for (List<String> cells : cells(csv)) {
            if (head.isEmpty()) {
                head = cells.size() > 1 ? cells : head;
            } else if (cells.size() == head.size()) {
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < cells.size(); i++) {
                    row.put(head.get(i), cells.get(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<List<String>> cells(String csv) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || c != ',' && c != '\n' && c != '\r') {
                cell.append(c);
            } else if (c != '\r') {
                line.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    lines.add(line);
                    line = new ArrayList<>();
                }
            }
        }
        return lines;
    }
}
