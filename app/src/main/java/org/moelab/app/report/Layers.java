package org.moelab.app.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

import org.moelab.app.expectation.EarlierSpeedups;
import org.moelab.app.layers.LadderFigure;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.CacheSize;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.Ladder;
import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.Speedup;
import org.moelab.app.speedup.SpeedupFigure;
import org.moelab.gpu.bench.RunReport.Asked;
import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.MemoryUse;
import org.moelab.gpu.bench.Spread;
import org.moelab.gpu.bench.Verification;

/// What each layer reached: speed in both phases, latencies, energy, memory, and how far its logits are from the reference's.
final class Layers implements Part {
    private static final String FACTOR = "median of the lower layer's times ÷ that of this layer's";
    private static final String RANGE = "shortest before ÷ longest after – longest before ÷ shortest after, of the repeats";

    @Override
    public Optional<Section> of(Subject subject) {
        List<Block> blocks = new ArrayList<>();
        for (RunPhase phase : Subject.PHASES) {
            Ladder ladder = subject.ladder(phase);
            blocks.add(new Heading(phase == RunPhase.DECODE ? "Decode" : "Prefill"));
            if (ladder.measured().isEmpty()) {
                blocks.add(new Note(true, "No layer of this run has a time in " + phase.label() + "."));
                continue;
            }
            List<ExpectedSpeedup> expected = EarlierSpeedups.EXPECTED.of(subject.run(), phase);
            if (subject.draws()) {
                blocks.add(new Chart("ladder-" + phase.label(),
                        "Speedup of each layer over the lowest one and over the one below, " + phase.label()
                                + "; bars end at medians, whiskers are what the repeats allow" + marks(expected),
                        described(ladder), new LadderFigure(ladder, Optional.empty(), expected)));
            }
            blocks.add(speed(ladder, phase));
            ladder.rungs().forEach(rung -> rung.failure().ifPresent(why -> blocks
                    .add(new Note(true, Words.begin(rung.id()) + " failed: " + why))));
            if (subject.draws() && ladder.measured().size() > 1) {
                blocks.add(new Chart("waterfall-" + phase.label(),
                        "What each layer takes off the median " + phase.time() + ", " + phase.label(),
                        described(ladder), new SpeedupFigure(ladder, Optional.empty(), expected)));
            }
        }
        blocks.add(new Heading("Latency"));
        blocks.add(latency(subject));
        blocks.add(new Heading("Energy and memory"));
        blocks.add(resources(subject));
        blocks.add(new Heading("Numerical error"));
        blocks.add(errors(subject));
        return Optional.of(new Section("layers", "Layers", blocks));
    }

    private static String marks(List<ExpectedSpeedup> expected) {
        return expected.isEmpty()
                ? ""
                : ", brackets where " + expected.getFirst().source()
                        + ", let the speedup be expected in 19 of 20 cases (docs/check.md)";
    }

    private static String described(Ladder ladder) {
        List<String> all = new ArrayList<>();
        for (Rung rung : ladder.measured()) {
            all.add(rung.name() + " " + rung.cumulative().map(s -> Words.times(s.factor())).orElse("1×"));
        }
        return "Speedup in " + ladder.phase().label() + " over the lowest layer: " + String.join(", ", all);
    }

    private static Table speed(Ladder ladder, RunPhase phase) {
        String rate = phase.label() + "_tokens_per_second";
        String time = phase == RunPhase.DECODE ? "tpot_ms" : "ttft_ms";
        Table.Builder table = Table.of("speed-" + phase.label(),
                "Layers in " + phase.label() + ", from the lowest up, on the median of the repeats",
                Column.text("Layer", Basis.RECORDED, "run.json, layers[].layer; its name from the catalogue"),
                Column.number("Techniques", "", 0, Basis.RECORDED, "how many layers[].techniques names"),
                Column.number("Rate", "tok/s", 1, Basis.MEASURED, "layers[]." + rate),
                Column.number(phase == RunPhase.DECODE ? "TPOT p50" : "TTFT p50", "ms", 3, Basis.MEASURED,
                        "layers[]." + time + ".p50"),
                Column.number("In all", "×", 3, Basis.COMPUTED, FACTOR + ", the lowest layer of the run"),
                Column.text("In all, range", Basis.COMPUTED, RANGE),
                Column.number("Of its own", "×", 3, Basis.COMPUTED, FACTOR + ", the layer below"),
                Column.text("Of its own, range", Basis.COMPUTED, RANGE));
        for (Rung rung : ladder.rungs()) {
            table.row(name(rung), rung.result().map(r -> r.techniques().size()),
                    rung.result().flatMap(phase::tokensPerSecond).map(Object.class::cast)
                            .orElseGet(() -> new Cell.Absent(absence(rung))),
                    rung.result().flatMap(phase::timeMs).map(Spread::p50), factor(rung, rung.cumulative()),
                    range(rung.cumulative()), factor(rung, rung.incremental()), range(rung.incremental()));
        }
        return table.build();
    }

    private static String absence(Rung rung) {
        return rung.failure().isPresent() ? "failed" : "not in this run";
    }

    private static String name(Rung rung) {
        return rung.layer().map(l -> l.number() == 0 ? l.name() : l.id() + " " + l.name()).orElse(rung.id());
    }

    private static Cell factor(Rung rung, Optional<Speedup> speedup) {
        return speedup.<Cell>map(s -> new Cell.Value(s.factor()))
                .orElse(rung.result().isPresent() ? Cell.NONE : Cell.NOT_MEASURED);
    }

    private static Cell range(Optional<Speedup> speedup) {
        return speedup
                .<Cell>map(s -> new Cell.Text(s.withinNoise() ? Words.range(s) + ", noise" : Words.range(s)))
                .orElse(Cell.NONE);
    }

    private static Table latency(Subject subject) {
        Table.Builder table = Table.of("latency",
                "Times of the runs that count; of fewer than ten, p90 and p99 are the longest",
                layerColumn(), ms("TTFT p50", "ttft_ms.p50"), ms("TTFT p90", "ttft_ms.p90"),
                ms("TTFT max", "ttft_ms.max"), ms("TPOT p50", "tpot_ms.p50"), ms("TPOT p90", "tpot_ms.p90"),
                ms("Step p50", "inter_token_ms.p50"), ms("Step p90", "inter_token_ms.p90"),
                ms("Step p99", "inter_token_ms.p99"), ms("Step max", "inter_token_ms.max"),
                Column.number("Steps", "", 0, Basis.MEASURED, "layers[].inter_token_ms.count"));
        for (LayerResult layer : subject.run().layers()) {
            Optional<Spread> steps = layer.interTokenMs();
            table.row(layer.layer(), layer.ttftMs().p50(), layer.ttftMs().p90(), layer.ttftMs().max(),
                    layer.tpotMs().map(Spread::p50), layer.tpotMs().map(Spread::p90), steps.map(Spread::p50),
                    steps.map(Spread::p90), steps.map(Spread::p99), steps.map(Spread::max), steps.map(Spread::count));
        }
        return table.build();
    }

    private static Column layerColumn() {
        return Column.text("Layer", Basis.RECORDED, "run.json, layers[].layer");
    }

    private static Column ms(String name, String field) {
        return Column.number(name, "ms", 3, Basis.MEASURED, "layers[]." + field);
    }

    private static Table resources(Subject subject) {
        Asked asked = subject.run().report().asked();
        Table.Builder table = Table.of("resources", "What each layer used of the GPU",
                layerColumn(),
                Column.number("Energy", "J/token", 3, Basis.COMPUTED,
                        "layers[].energy_joules by NVML, all runs that count with their prompts, ÷ their new tokens"),
                Column.number("Weights", "GB", 2, Basis.RECORDED,
                        "layers[].memory: weights and experts, also those of other layers that stayed loaded"),
                Column.number("Key-value cache", "MB", 2, Basis.RECORDED, "layers[].memory: kv cache"),
                Column.number("All memory", "GB", 2, Basis.RECORDED, "the sum of layers[].memory"),
                Column.number("Kernels a decode step", "", 0, Basis.MEASURED,
                        "layers[].decode.device.kernels ÷ steps, captured"),
                Column.number("Kernels a prompt", "", 0, Basis.MEASURED, "layers[].prefill.device.kernels, captured"));
        for (LayerResult layer : subject.run().layers()) {
            table.row(layer.layer(), Words.joulesPerToken(layer, asked), CacheSize.weights(layer).map(b -> b / 1e9),
                    CacheSize.allocated(layer).map(b -> b / 1e6), memory(layer).map(b -> b / 1e9),
                    kernels(layer, RunPhase.DECODE), kernels(layer, RunPhase.PREFILL));
        }
        return table.build();
    }

    private static Optional<Double> memory(LayerResult layer) {
        return layer.memory().isEmpty()
                ? Optional.empty()
                : Optional.of((double) layer.memory().stream().mapToLong(MemoryUse::bytes).sum());
    }

    private static Optional<Double> kernels(LayerResult layer, RunPhase phase) {
        return phase.cost(layer).flatMap(cost -> cost.device().map(d -> (double) d.kernels() / cost.steps()));
    }

    private static Block errors(Subject subject) {
        if (subject.run().layers().stream().allMatch(l -> l.check().isEmpty())) {
            return new Note(true, "No layer was checked against the reference.");
        }
        String error = "relative L2 error of the logits against the reference, which is held to the layer's experts";
        Table.Builder table = Table.of("errors",
                "Logits of a small model against those of the reference, checked before each layer was timed",
                layerColumn(),
                Column.number("Prefill", "", 5, Basis.MEASURED, "layers[].check.prefill_error: " + error),
                Column.number("Decode", "", 5, Basis.MEASURED, "layers[].check.decode_error: " + error),
                Column.number("Bound", "", 3, Basis.RECORDED,
                        "the largest error that passes with these techniques: bf16, or FP8 where it is on"),
                Column.number("Worst of bound", "%", 0, Basis.COMPUTED, "the larger error ÷ bound"),
                Column.text("Other experts chosen", Basis.MEASURED,
                        "layers[].check.rerouted of token_layers: choices that are not the reference's"),
                Column.text("Check", Basis.RECORDED, "layers[].check.reference, .model, .batch, .prompt"));
        for (LayerResult layer : subject.run().layers()) {
            double bound = bound(layer);
            Optional<Check> check = layer.check();
            table.row(layer.layer(), check.map(Check::prefillError), check.map(Check::decodeError), bound,
                    check.map(c -> worst(c) / bound * 100),
                    check.flatMap(c -> c.rerouted().flatMap(r -> c.tokenLayers().map(n -> r + " of " + n))),
                    check.map(c -> String.format(Locale.ROOT, "%s, %s, batch %d, prompt %d", c.reference(), c.model(),
                            c.batch(), c.prompt())));
        }
        return table.build();
    }

    /// The larger of a check's two errors.
    static double worst(Check check) {
        return Math.max(check.prefillError(), check.decodeError());
    }

    /// The largest error that passes for a layer.
    static double bound(LayerResult layer) {
        return Verification.bound(new HashSet<>(layer.techniques()));
    }

    /// The layer that brought most of its own in a phase; empty where none has one below.
    static Optional<Rung> largestStep(Ladder ladder) {
        Function<Rung, Double> factor = r -> r.incremental().map(Speedup::factor).orElse(0.0);
        return ladder.rungs().stream().filter(r -> r.incremental().isPresent())
                .max(Comparator.comparing(factor));
    }
}
