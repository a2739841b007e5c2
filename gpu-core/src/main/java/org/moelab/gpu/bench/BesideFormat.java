package org.moelab.gpu.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns what ran beside each other into text that ends with a line break.
public enum BesideFormat {
    /// For people: what was not measured is a dash.
    TABLE {
        @Override
        public String render(List<BesideRow> rows) {
            StringBuilder text = new StringBuilder();
            if (!rows.isEmpty()) {
                text.append(rows.getFirst().model()).append(" on ").append(rows.getFirst().device())
                        .append("; medians over runs, decode over the whole batch, prefill one prompt at a time\n");
            }
            text.append(line("layer", "batch", "prompt", "decode", "what ran", "decode tok/s", "prefill tok/s"));
            for (BesideRow row : rows) {
                Workload w = row.workload();
                text.append(line(row.layer(), w.batch(), w.prompt(), w.generate(), row.work().label(),
                        number(row.decodeTokensPerSecond()), number(row.prefillTokensPerSecond())));
            }
            return text.toString();
        }

        private String line(Object... cells) {
            return String.format(Locale.ROOT, "%-9s %5s %7s %6s %-18s %14s %14s%n", cells);
        }

        private String number(OptionalDouble value) {
            return value.isPresent() ? String.format(Locale.ROOT, "%,.1f", value.getAsDouble()) : "–";
        }
    },
    /// For scripts: a head line, then a line a row; what was not measured is empty.
    CSV {
        @Override
        public String render(List<BesideRow> rows) {
            StringBuilder text = new StringBuilder("model,device,layer,batch,prompt,decode,repeats,work,"
                    + "decode_tokens_per_second,prefill_tokens_per_second\n");
            for (BesideRow row : rows) {
                Workload w = row.workload();
                text.append(String.join(",", BenchCsv.quoted(row.model()), BenchCsv.quoted(row.device()),
                        BenchCsv.quoted(row.layer()), Integer.toString(w.batch()), Integer.toString(w.prompt()),
                        Integer.toString(w.generate()), Integer.toString(w.repeats()),
                        BenchCsv.quoted(row.work().label()), number(row.decodeTokensPerSecond()),
                        number(row.prefillTokensPerSecond()))).append('\n');
            }
            return text.toString();
        }

        private String number(OptionalDouble value) {
            return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
        }
    },
    /// For scripts: an array of rows; what was not measured is not there.
    JSON {
        @Override
        public String render(List<BesideRow> rows) {
            ArrayNode array = JsonMapper.shared().createArrayNode();
            for (BesideRow row : rows) {
                Workload w = row.workload();
                ObjectNode node = array.addObject().put("model", row.model()).put("device", row.device())
                        .put("layer", row.layer()).put("batch", w.batch()).put("prompt", w.prompt())
                        .put("decode", w.generate()).put("repeats", w.repeats()).put("work", row.work().label());
                row.decodeTokensPerSecond().ifPresent(value -> node.put("decode_tokens_per_second", value));
                row.prefillTokensPerSecond().ifPresent(value -> node.put("prefill_tokens_per_second", value));
            }
            return array.toPrettyString() + "\n";
        }
    };

    /// The text.
    public abstract String render(List<BesideRow> rows);
}
