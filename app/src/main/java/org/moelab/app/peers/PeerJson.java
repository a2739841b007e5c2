package org.moelab.app.peers;

import java.util.List;
import java.util.Optional;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Peers' results for scripts: `docs/schema/peers.schema.json`. What a file did not state is absent.
public final class PeerJson {
    /// The form's version; readers refuse a higher one.
    public static final int VERSION = 1;

    private PeerJson() {
    }

    /// One object: the results, what they are held against where anything is, and the figures beside each other.
    public static ObjectNode of(List<PeerResult> results, Optional<OwnResult> own, List<Beside> rows) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("version", VERSION);
        ArrayNode all = root.putArray("results");
        results.forEach(r -> result(all.addObject(), r));
        own.ifPresent(o -> {
            ObjectNode ours = root.putObject("ours").put("name", o.name()).put("model", o.model()).put("gpu", o.gpu())
                    .put("batch", o.batch()).put("prompt", o.prompt()).put("generated", o.generated())
                    .put("precision", o.experts()).put("other_weights", o.others())
                    .put("prefill_tokens_per_second", o.prefill()).put("ttft_ms", o.ttftMs());
            put(ours, "decode_tokens_per_second", o.decodeTotal());
            put(ours, "tpot_ms", o.tpotMs());
            ArrayNode beside = root.putArray("beside");
            rows.forEach(b -> beside(beside.addObject(), b, results.indexOf(b.peer())));
        });
        return root;
    }

    private static void result(ObjectNode node, PeerResult r) {
        node.put("tool", r.tool()).put("file", r.source());
        r.version().ifPresent(v -> node.put("engine_version", v));
        PeerSetup s = r.setup();
        s.model().ifPresent(v -> node.put("model", v));
        s.gpu().ifPresent(v -> node.put("gpu", v));
        s.precision().ifPresent(v -> node.put("precision", v));
        s.sequences().ifPresent(v -> node.put(s.concurrent() ? "concurrency" : "batch", v));
        put(node, "prompt", s.prompt());
        put(node, "context", s.context());
        put(node, "generated", s.generated());
        put(node, "prefill_tokens_per_second", r.rates().prefill());
        put(node, "decode_tokens_per_second_a_sequence", r.rates().decodeSequence());
        put(node, "decode_tokens_per_second", r.rates().decodeTotal());
        put(node, "output_tokens_per_second", r.rates().output());
        put(node, "overall_tokens_per_second", r.rates().overall());
        latency(node, "ttft_ms", r.ttftMs());
        latency(node, "tpot_ms", r.tpotMs());
        latency(node, "itl_ms", r.itlMs());
        latency(node, "request_ms", r.requestMs());
        ArrayNode notes = node.putArray("notes");
        r.notes().forEach(notes::add);
    }

    private static void latency(ObjectNode node, String name, Latency l) {
        if (l.isStated()) {
            ObjectNode times = node.putObject(name);
            put(times, "mean", l.mean());
            put(times, "p50", l.p50());
            put(times, "p90", l.p90());
            put(times, "p95", l.p95());
            put(times, "p99", l.p99());
        }
    }

    private static void beside(ObjectNode node, Beside b, int index) {
        node.put("result", index).put("measure", b.measure()).put("unit", b.unit()).put("theirs", b.theirs())
                .put("ours", b.ours());
        put(node, "ours_as_fast", b.ratio());
        ArrayNode differs = node.putArray("differs");
        b.differs().forEach(differs::add);
        ArrayNode remarks = node.putArray("remarks");
        b.remarks().forEach(remarks::add);
    }

    private static void put(ObjectNode node, String name, Optional<Double> value) {
        value.ifPresent(v -> node.put(name, v));
    }
}
