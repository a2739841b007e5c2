package org.moelab.app.expectation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.expectation.Comparison.Verdict;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A check for scripts: `docs/schema/check.schema.json`.
public final class CheckJson {
    /// The form's version; readers refuse a higher one.
    public static final int VERSION = 1;

    private CheckJson() {
    }

    /// One object with all comparisons.
    ///
    /// @param run the run's name
    /// @param against what it was held against
    /// @param targets of others, beside it
    public static ObjectNode of(Check check, String run, String against, List<TargetStanding> targets) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("version", VERSION).put("run", run).put("against", against).put("regressed", check.regressed());
        Workload w = check.workload();
        root.putObject("workload").put("device", w.device()).put("model", w.model()).put("batch", w.batch())
                .put("prompt", w.prompt()).put("generate", w.generate());
        root.put("method", check.method());
        ObjectNode counts = root.putObject("counts");
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict.name().toLowerCase(Locale.ROOT), check.of(verdict).size());
        }
        ArrayNode comparisons = root.putArray("comparisons");
        check.comparisons().forEach(c -> comparison(comparisons.addObject(), c));
        ArrayNode failures = root.putArray("failures");
        check.failures().forEach(f -> failures.addObject().put("layer", f.layer()).put("reason", f.reason()));
        ArrayNode notes = root.putArray("notes");
        check.notes().forEach(notes::add);
        ArrayNode others = root.putArray("targets_of_others");
        targets.forEach(t -> target(others.addObject(), t));
        return root;
    }

    private static void comparison(ObjectNode node, Comparison c) {
        node.put("layer", c.layer()).put("phase", c.phase().label());
        if (!c.isWhole()) {
            node.put("operation", c.operation());
        }
        node.put("verdict", c.verdict().name().toLowerCase(Locale.ROOT)).put("expected_ms", c.expectedMs())
                .put("measured_ms", c.measuredMs()).put("noise", c.noise()).put("widths", c.widths())
                .put("of_whole", c.ofWhole());
        put(node, "explains", c.explains());
        if (!c.remark().isEmpty()) {
            node.put("remark", c.remark());
        }
    }

    private static void target(ObjectNode node, TargetStanding standing) {
        Target t = standing.target();
        node.put("gpu", t.gpu()).put("model", t.model()).put("subject", t.subject()).put("published", t.figures())
                .put("source", t.source());
        put(node, "this_run", standing.own());
        put(node, "ratio", standing.ratio());
    }

    private static void put(ObjectNode node, String name, Optional<Double> value) {
        value.filter(Double::isFinite).ifPresent(v -> node.put(name, v));
    }
}
