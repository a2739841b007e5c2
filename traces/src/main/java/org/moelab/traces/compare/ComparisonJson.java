package org.moelab.traces.compare;

import java.util.List;
import java.util.Locale;

import org.moelab.traces.stats.KernelType;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Comparisons for scripts, as docs/compare.md describes them. Times in whole nanoseconds unless they are means.
public final class ComparisonJson {
    /// The form's version; readers refuse a higher one.
    public static final int VERSION = 1;
    private static final int WATERFALL_BARS = 12;

    private ComparisonJson() {
    }

    /// A comparison as one object.
    public static ObjectNode of(Comparison comparison) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("version", VERSION).put("by", lower(comparison.by()));
        side(root.putObject("a"), comparison.a(), comparison.totalANs());
        side(root.putObject("b"), comparison.b(), comparison.totalBNs());
        root.put("delta_ns", comparison.deltaNs());
        ArrayNode rows = root.putArray("rows");
        comparison.rows().forEach(row -> row(rows.addObject(), row));
        ArrayNode waterfalls = root.putArray("waterfalls");
        waterfall(waterfalls.addObject(), Waterfall.ofDeviceTime(comparison, WATERFALL_BARS));
        comparison.a().wall().ifPresent(a -> comparison.b().wall()
                .ifPresent(b -> waterfall(waterfalls.addObject(), Waterfall.ofWallTime(a, b))));
        return root;
    }

    /// A comparison of profiled kernels with its launches and their metrics.
    public static ObjectNode of(Comparison comparison, MetricComparison metrics) {
        ObjectNode root = of(comparison);
        ArrayNode launches = root.putArray("launches");
        for (MetricComparison.Launch launch : metrics.launches()) {
            ObjectNode node = launches.addObject().put("a", launch.a()).put("b", launch.b())
                    .put("name_a", metrics.kernelA(launch).name().display())
                    .put("name_b", metrics.kernelB(launch).name().display())
                    .put("matched_by", launch.matchedBy().title());
            ArrayNode values = node.putArray("metrics");
            for (MetricComparison.Delta delta : metrics.metrics(launch)) {
                ObjectNode value = values.addObject().put("metric", delta.metric()).put("unit", delta.unit());
                number(value, "a", delta.a());
                number(value, "b", delta.b());
                number(value, "delta", delta.delta());
                number(value, "ratio", delta.ratio());
            }
        }
        return root;
    }

    private static void side(ObjectNode node, Comparison.Side side, long totalNs) {
        strings(node.putArray("files"), side.files().stream().map(Object::toString).toList());
        node.put("steps", side.steps()).put("total_ns", totalNs);
        side.wall().ifPresent(wall -> {
            ObjectNode parts = node.putObject("wall").put("wall_ns", wall.wallNs());
            ObjectNode work = parts.putObject("work_ns");
            for (KernelType type : KernelType.values()) {
                work.put(lower(type), wall.workNs(type));
            }
            parts.put("overlap_ns", wall.overlapNs()).put("idle_ns", wall.idleNs()).put("gaps", wall.gaps());
        });
    }

    private static void row(ObjectNode node, Row row) {
        node.put("change", lower(row.change())).put("matched_by", row.matchedBy().title());
        strings(node.putArray("names_a"), row.namesA());
        strings(node.putArray("names_b"), row.namesB());
        strings(node.putArray("ranges"), row.paths());
        spent(node.putObject("a"), row.a());
        spent(node.putObject("b"), row.b());
        node.put("delta_ns", row.deltaNs());
        row.perStep().ifPresent(step -> node.putObject("per_step").put("mean_a_ns", step.meanANs())
                .put("mean_b_ns", step.meanBNs()).put("delta_ns", step.deltaNs()).put("noise_ns", step.noiseNs())
                .put("within_noise", step.withinNoise()));
    }

    private static void spent(ObjectNode node, Spent spent) {
        node.put("count", spent.calls()).put("total_ns", spent.totalNs());
        number(node, "mean_ns", spent.calls() == 0 ? Double.NaN : spent.meanNs());
    }

    private static void waterfall(ObjectNode node, Waterfall waterfall) {
        node.put("title", waterfall.title()).put("start_ns", waterfall.startNs()).put("end_ns", waterfall.endNs());
        ArrayNode bars = node.putArray("bars");
        waterfall.bars().forEach(bar -> bars.addObject().put("label", bar.label()).put("from_ns", bar.fromNs())
                .put("to_ns", bar.toNs()).put("delta_ns", bar.deltaNs()));
    }

    private static void strings(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
