package org.moelab.gpu.bench;

import java.util.List;
import java.util.Optional;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// For scripts: an array of measurements, their spreads whole. What was not measured is not there.
public record BenchJson() implements BenchRenderer {
    @Override
    public String render(List<BenchRow> rows) {
        ArrayNode array = JsonMapper.shared().createArrayNode();
        for (BenchRow row : rows) {
            Measurement m = row.measurement();
            ObjectNode node = array.addObject().put("model", row.model()).put("device", row.device())
                    .put("layer", row.layer()).put("batch", m.workload().batch()).put("prefill", m.workload().prompt())
                    .put("decode", m.workload().generate()).put("repeats", m.workload().repeats())
                    .put("prefill_tokens_per_second", m.prefillTokensPerSecond());
            m.decodeTokensPerSecond().ifPresent(value -> node.put("decode_tokens_per_second", value));
            spread(node, "ttft_ms", Optional.of(m.ttftMs()));
            spread(node, "tpot_ms", m.tpotMs());
            spread(node, "inter_token_ms", m.interTokenMs());
        }
        return array.toPrettyString() + "\n";
    }

    private static void spread(ObjectNode node, String name, Optional<Spread> spread) {
        spread.ifPresent(s -> node.putObject(name).put("count", s.count()).put("min", s.min()).put("p50", s.p50())
                .put("p90", s.p90()).put("p99", s.p99()).put("max", s.max()).put("mean", s.mean()));
    }
}
