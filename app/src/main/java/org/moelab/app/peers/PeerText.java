package org.moelab.app.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The objects in a file's text: JSON, an object a line, CSV with a heading, or a table in Markdown.
///
/// @param objects what was found
/// @param skipped lines between them that are none, as a program's messages are
record PeerText(List<Fields> objects, int skipped) {
    private static final Pattern TEST = Pattern
            .compile("(?:pp\\s*(\\d+))?\\s*\\+?\\s*(?:tg\\s*(\\d+))?(?:\\s*@\\s*d\\s*(\\d+))?");
    private static final Pattern METRIC = Pattern.compile("(.+?)\\s*(?:\\(([^)]*)\\))?");

    private static final String BUILD = "build:";

    static PeerText of(String text) {
        String stripped = text.startsWith("\uFEFF") ? text.substring(1).strip() : text.strip();
        if (stripped.startsWith("{") || stripped.startsWith("[")) {
            Optional<PeerText> whole = whole(stripped);
            if (whole.isPresent()) {
                return whole.get();
            }
        }
        List<String> lines = stripped.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        if (lines.stream().anyMatch(l -> l.startsWith("{"))) {
            return jsonLines(lines);
        }
        if (lines.stream().anyMatch(l -> l.startsWith("|"))) {
            return markdown(lines);
        }
        return lines.isEmpty() || !lines.getFirst().contains(",") ? new PeerText(List.of(), lines.size()) : csv(lines);
    }

    private static Optional<PeerText> whole(String text) {
        try {
            // trailing objects are no part of a document, which then is one of lines
            JsonNode root = JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build()
                    .readTree(text);
            List<Fields> objects = new ArrayList<>();
            if (root.isArray()) {
                root.forEach(n -> objects.add(new Fields(n)));
            } else {
                objects.add(new Fields(root));
            }
            return Optional.of(new PeerText(objects, 0));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static PeerText jsonLines(List<String> lines) {
        List<Fields> objects = new ArrayList<>();
        int skipped = 0;
        for (String line : lines) {
            Optional<PeerText> object = line.startsWith("{") ? whole(line) : Optional.empty();
            object.ifPresent(o -> objects.addAll(o.objects));
            skipped += object.isPresent() ? 0 : 1;
        }
        return new PeerText(objects, skipped);
    }

    private static PeerText csv(List<String> lines) {
        List<List<String>> rows = lines.stream().map(PeerText::cells).toList();
        List<String> heading = rows.getFirst();
        if (heading.getFirst().equals("Metric")) {
            return new PeerText(List.of(metrics(rows)), 0);
        }
        return new PeerText(rows.stream().skip(1).map(row -> object(heading, row)).toList(), 0);
    }

    private static Fields object(List<String> heading, List<String> row) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        for (int i = 0; i < Math.min(heading.size(), row.size()); i++) {
            node.put(heading.get(i), row.get(i));
        }
        return new Fields(node);
    }

    /// GenAI-Perf's table: a metric a row, `Time To First Token (ms)`, as its JSON has them.
    private static Fields metrics(List<List<String>> rows) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        List<String> heading = rows.getFirst();
        for (List<String> row : rows) {
            if (row.getFirst().equals("Metric")) {
                heading = row;
                continue;
            }
            Matcher metric = METRIC.matcher(row.getFirst());
            if (metric.matches()) {
                ObjectNode node = root.putObject(metric.group(1).toLowerCase(Locale.ROOT).replace(' ', '_'));
                Optional.ofNullable(metric.group(2)).ifPresent(unit -> node.put("unit", unit));
                for (int i = 1; i < Math.min(heading.size(), row.size()); i++) {
                    node.put(heading.get(i).equals("Value") ? "avg" : heading.get(i), row.get(i));
                }
            }
        }
        return new Fields(root);
    }

    /// A line's cells, quoted where they hold commas.
    static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    /// llama.cpp's tables, with the names that its JSON has. What is around a table is a program's messages.
    private static PeerText markdown(List<String> lines) {
        List<List<String>> rows = lines.stream().filter(l -> l.startsWith("|") && !l.matches("[|:\\-\\s]+"))
                .map(l -> List.of(l.replaceAll("^\\||\\|$", "").split("\\|", -1)).stream().map(String::strip).toList())
                .toList();
        List<String> heading = rows.isEmpty() ? List.of() : rows.getFirst();
        Optional<String> build = lines.stream().filter(l -> l.startsWith(BUILD)).findFirst()
                .map(l -> l.substring(BUILD.length()).strip());
        List<Fields> objects = new ArrayList<>();
        for (List<String> row : rows.subList(Math.min(1, rows.size()), rows.size())) {
            ObjectNode object = (ObjectNode) object(heading, row).node();
            build.ifPresent(b -> object.put("build_commit", b));
            objects.add(llama(object));
        }
        return new PeerText(objects, 0);
    }

    private static Fields llama(ObjectNode row) {
        Fields cells = new Fields(row);
        cells.text("t/s").ifPresent(t -> row.put("avg_ts", t.split("±", 2)[0].strip()));
        cells.text("model").ifPresent(m -> row.put("model_type", m));
        Matcher test = TEST.matcher(cells.text("test").orElse("-"));
        if (test.matches()) {
            row.put("n_prompt", Optional.ofNullable(test.group(1)).orElse("0"));
            row.put("n_gen", Optional.ofNullable(test.group(2)).orElse("0"));
            row.put("n_depth", Optional.ofNullable(test.group(3)).orElse("0"));
        }
        copy(row, "PP", "pp");
        copy(row, "TG", "tg");
        copy(row, "B", "pl");
        copy(row, "T_PP s", "t_pp");
        copy(row, "S_PP t/s", "speed_pp");
        copy(row, "T_TG s", "t_tg");
        copy(row, "S_TG t/s", "speed_tg");
        copy(row, "S t/s", "speed");
        return cells;
    }

    private static void copy(ObjectNode row, String from, String to) {
        if (row.has(from)) {
            row.set(to, row.get(from));
        }
    }
}
