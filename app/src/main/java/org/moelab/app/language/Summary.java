package org.moelab.app.language;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.FindingTable.Sourced;
import org.moelab.traces.advice.Place;
import org.moelab.traces.model.Unit;

/// Makes of runs and findings the text that a language model is sent. It holds no path, no name of a host or a run's directory,
/// and none of a run's notes, which may.
public final class Summary {
    private static final String INSTRUCTIONS = """
            You are given measurements of mixture-of-experts inference on a GPU, and what rules found in them. \
            Say what costs the most time, why that may be, and which experiments to do next, in order of what they could gain at \
            most. Quote figures only as they are given; compute none that does not follow from them, and invent none. \
            Say where the figures cannot tell. Bounds may count the same time. Answer in Markdown, in at most 500 words.""";
    /// More findings than anybody acts on; the gravest come first.
    private static final int FINDINGS = 20;
    private static final int OPERATIONS = 12;
    /// What they say is from outside of the figures.
    private static final Set<String> WITH_TEXT_OF_OTHERS = Set.of("run-note", "layer-failed");

    private final StringBuilder text = new StringBuilder();

    private Summary() {
    }

    /// The question about findings.
    ///
    /// @param runs the runs that some of them are from
    /// @param findings the gravest first
    /// @param technique the words for a technique's id
    public static Question of(List<StoredRun> runs, List<Sourced> findings, UnaryOperator<String> technique) {
        Summary summary = new Summary();
        runs.forEach(summary::run);
        List<Finding> told = findings.stream().map(Sourced::finding)
                .filter(f -> !WITH_TEXT_OF_OTHERS.contains(f.rule())).toList();
        summary.line(String.format(Locale.ROOT, "Findings, %d of %d:", Math.min(FINDINGS, told.size()), told.size()));
        told.stream().limit(FINDINGS).forEach(f -> summary.finding(f, technique));
        return new Question(INSTRUCTIONS, summary.text.toString().strip());
    }

    private void run(StoredRun run) {
        line("Run: " + run.about());
        for (LayerResult layer : run.layers()) {
            line(String.format(Locale.ROOT, "- %s: TTFT %.3f ms, prefill %.0f tok/s%s%s; techniques: %s",
                    StoredRun.layerName(layer.layer()), layer.ttftMs().p50(), layer.prefillTokensPerSecond(),
                    layer.tpotMs().map(t -> String.format(Locale.ROOT, ", TPOT %.3f ms", t.p50())).orElse(""),
                    layer.decodeTokensPerSecond().map(r -> String.format(Locale.ROOT, ", decode %.1f tok/s", r))
                            .orElse(""),
                    layer.techniques().isEmpty() ? "none" : String.join(", ", layer.techniques())));
        }
        LayerResult top = run.top();
        for (RunPhase phase : RunPhase.values()) {
            phase.cost(top).ifPresent(cost -> operations(top, phase, cost));
        }
        run.report().ceilings().ifPresent(c -> {
            ceiling("reading", c.readBytesPerSecond(), "B/s");
            ceiling("copying", c.copyBytesPerSecond(), "B/s");
            c.bf16FlopPerSecond().ifPresent(rate -> ceiling("bf16 products", rate, "FLOP/s"));
            ceiling("fp32 products", c.fp32FlopPerSecond(), "FLOP/s");
        });
        line("");
    }

    private void ceiling(String what, double rate, String unit) {
        line(String.format(Locale.ROOT, "Measured ceiling of %s: %.3g %s", what, rate, unit));
    }

    private void operations(LayerResult layer, RunPhase phase, PhaseCost cost) {
        List<OperationCost> longest = cost.operations().stream().filter(o -> o.timeUs().isPresent())
                .sorted((a, b) -> Double.compare(b.timeUs().orElse(0.0), a.timeUs().orElse(0.0))).limit(OPERATIONS)
                .toList();
        if (longest.isEmpty()) {
            return;
        }
        line("Longest operations of " + StoredRun.layerName(layer.layer()) + " in " + phase.label()
                + ", captured, a step, all layers of the model together:");
        for (OperationCost o : longest) {
            line(String.format(Locale.ROOT, "- %s (%s): %.1f µs, %.3g B, %.3g FLOP", o.name(), o.implementation(),
                    o.timeUs().orElse(0.0) / cost.steps(), (double) o.bytes() / cost.steps(),
                    (double) o.flops() / cost.steps()));
        }
    }

    private void finding(Finding f, UnaryOperator<String> technique) {
        String time = Double.isNaN(f.timeNs())
                ? ""
                : String.format(Locale.ROOT, ": %s, %.1f %% of the time%s", Unit.NANOSECONDS.format(f.timeNs()),
                        100 * f.share(), f.boundNs().isPresent()
                                ? ", to gain at most " + Unit.NANOSECONDS.format(f.boundNs().getAsDouble())
                                : "");
        line("- [" + f.severity().label() + "] " + f.title() + place(f) + time + ". " + f.explanation());
        if (!f.evidence().isEmpty()) {
            line("  Figures: " + f.evidence().stream()
                    .map(e -> e.label() + " " + e.text() + " (" + e.formula() + ")").collect(Collectors.joining("; ")));
        }
        if (!f.techniques().isEmpty()) {
            line("  Techniques that address it: "
                    + f.techniques().stream().map(technique).collect(Collectors.joining("; ")));
        }
    }

    /// Titles of operations are the same in prefill and decode.
    private static String place(Finding f) {
        return !f.occurrences().isEmpty()
                && f.occurrences().getFirst().place() instanceof Place.Operation(String layer, String phase, String _)
                        ? " (" + StoredRun.layerName(layer) + ", " + phase + ")"
                        : "";
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
