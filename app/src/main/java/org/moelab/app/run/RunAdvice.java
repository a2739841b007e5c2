package org.moelab.app.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import org.moelab.gpu.bench.ExpertLoads;
import org.moelab.gpu.bench.RunReport.DeviceUse;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.bench.Spread;
import org.moelab.traces.advice.Evidence;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.Occurrence;
import org.moelab.traces.advice.Place;
import org.moelab.traces.advice.Severity;
import org.moelab.traces.model.Unit;

/// What a run's report tells of a layer in a phase: operations far from their floor, idle time, uneven experts, what made a
/// layer slower, and what the report cannot tell. Times are of one captured step where operations are meant, of the timed runs
/// where layers are.
public final class RunAdvice {
    /// An operation that takes less than this share of the step above its floor is not worth a finding.
    static final double LEAST_SHARE = 0.01;
    /// An operation that reaches less of what the machine allows is far from it: kernels of this lab that were tuned reach
    /// 60 % and more of the measured bandwidth (docs/performance.md).
    static final double FAR_FROM_ROOF = 0.6;
    /// A fullest expert of one and a half times the mean is more than chance makes of some thousand tokens.
    static final double IMBALANCE = 1.5;
    /// Above this, capturing itself shapes the captured times.
    static final double CAPTURE_COST = 0.05;

    private static final Map<String, List<String>> BY_KIND = Map.of("expert matmul",
            List.of("mxfp4", "async-pipeline", "wgmma", "tma", "warp-specialisation", "persistent-kernels"),
            "dense matmul", List.of("fp8", "decode-gemv", "async-pipeline", "product-selection", "vectorised-loads"),
            "attention", List.of("fused-attention", "flash-attention", "fp8-kv", "async-pipeline", "vectorised-loads"),
            "router and sort", List.of("device-routing", "custom-fusion", "dsmem"), "norm and elementwise",
            List.of("fused-add-norm", "custom-fusion", "vectorised-loads"), "unembedding and sampling",
            List.of("fp8", "vectorised-loads", "architecture-sizing"));

    private final StoredRun run;
    private final LayerResult layer;
    private final RunPhase phase;
    private final List<Finding> findings = new ArrayList<>();

    private RunAdvice(StoredRun run, LayerResult layer, RunPhase phase) {
        this.run = run;
        this.layer = layer;
        this.phase = phase;
    }

    /// The findings, the gravest first.
    public static List<Finding> of(StoredRun run, LayerResult layer, RunPhase phase) {
        RunAdvice advice = new RunAdvice(run, layer, phase);
        advice.farFromRoof();
        advice.idle();
        advice.imbalance();
        advice.slowerThanBelow();
        advice.slowerByATechnique();
        advice.dataQuality();
        advice.findings.sort(Finding.GRAVEST_FIRST);
        return List.copyOf(advice.findings);
    }

    private Place place(String operation) {
        return new Place.Operation(layer.layer(), phase.label(), operation);
    }

    private Optional<DeviceUse> device() {
        return phase.cost(layer).flatMap(PhaseCost::device).filter(d -> d.extentUs() > 0);
    }

    private int steps() {
        return phase.cost(layer).map(PhaseCost::steps).orElse(1);
    }

    private double stepNs() {
        return device().map(d -> d.extentUs() * 1e3 / steps()).orElse(Double.NaN);
    }

    private void farFromRoof() {
        Optional<OperationFloors> floors = device().flatMap(_ -> OperationFloors.of(run, layer, phase));
        floors.stream().flatMap(f -> f.measured().stream()).forEach(row -> {
            double us = row.measuredUs().orElseThrow();
            double lostNs = row.lostUs().orElseThrow() * 1e3;
            if (row.floorUs() < FAR_FROM_ROOF * us && lostNs >= LEAST_SHARE * stepNs()) {
                findings.add(farFromRoof(row, us * 1e3, lostNs));
            }
        });
    }

    private Finding farFromRoof(OperationFloors.Row row, double ns, double lostNs) {
        Optional<OperationCost> cost = phase.cost(layer).stream().flatMap(c -> c.operations().stream())
                .filter(o -> o.name().equals(row.name())).findFirst();
        List<String> on = cost.map(OperationCost::techniques).orElse(List.of());
        List<Evidence> evidence = Stream.of(
                new Evidence("time", ns, Unit.NANOSECONDS, "captured, a step, all layers together"),
                new Evidence("floor by bytes", row.bytesUs() * 1e3, Unit.NANOSECONDS,
                        "the fewest bytes through device memory ÷ the bandwidth of reading that this run measured"),
                new Evidence("floor by operations", row.flopsUs() * 1e3, Unit.NANOSECONDS,
                        "floating-point operations ÷ the rate that this run measured"),
                new Evidence("of its roof", 100 * row.floorUs() * 1e3 / ns, Unit.PERCENT, "the larger floor ÷ time"),
                new Evidence("calls", cost.map(OperationCost::count).orElse(0) / (double) steps(), Unit.COUNT,
                        "a step"))
                .filter(e -> e.value() > 0).toList();
        return new Finding("far-from-roof", Severity.ofShare(lostNs / stepNs()), "Far from its floor: " + row.name(),
                "Captured time against the larger of two floors, from the bytes and operations that its shapes need and what"
                        + " this run measured of the machine. The bound is analytic: data that has to pass twice, latency and"
                        + " the start of kernels keep any kernel above its floor.",
                ns, stepNs(), OptionalDouble.of(lostNs), evidence,
                BY_KIND.getOrDefault(row.kind(), List.of("custom-fusion", "vectorised-loads")).stream()
                        .filter(t -> !on.contains(t)).toList(),
                List.of(new Occurrence(row.name() + " in " + StoredRun.layerName(layer.layer()) + ", " + phase.label(),
                        ns, place(row.name()))));
    }

    private void idle() {
        device().filter(d -> d.idleUs() >= LEAST_SHARE * d.extentUs()).ifPresent(d -> findings.add(Finding.of(
                "idle-in-step", "Idle within the captured " + phase.label(),
                "Time without any work between the first kernel of the captured phase and its last. The captured timeline"
                        + " tells before which kernels.",
                d.idleUs() * 1e3 / steps(), stepNs(), OptionalDouble.of(d.idleUs() * 1e3 / steps()),
                List.of(new Evidence("idle", d.idleUs() * 1e3 / steps(), Unit.NANOSECONDS, "a step, captured"),
                        new Evidence("longest gap", d.longestGapUs() * 1e3, Unit.NANOSECONDS,
                                "the longest of all steps"),
                        new Evidence("kernels", (double) d.kernels() / steps(), Unit.COUNT, "a step")),
                List.of("cuda-graphs", "dependent-launch", "custom-fusion").stream()
                        .filter(t -> !layer.techniques().contains(t)).toList(),
                List.of(new Occurrence(StoredRun.layerName(layer.layer()) + " in " + phase.label(), d.idleUs() * 1e3,
                        place(""))))));
    }

    private void imbalance() {
        Optional<ExpertLoads.Phase> loads = run.report().expertLoads().filter(l -> l.layer().equals(layer.layer()))
                .flatMap(l -> phase == RunPhase.PREFILL ? Optional.of(l.prefill()) : l.decode());
        double expertNs = phase.cost(layer).stream().flatMap(c -> c.operations().stream())
                .filter(o -> o.kind().equals("expert matmul")).mapToDouble(o -> o.timeUs().orElse(0.0) * 1e3).sum()
                / steps();
        if (loads.isEmpty() || loads.get().meanImbalance() < IMBALANCE || !(expertNs > 0) || device().isEmpty()) {
            return;
        }
        ExpertLoads.Phase load = loads.get();
        int worst = load.worstLayer();
        // where a step's own load was counted, the fullest expert bounds it; sums over steps say nothing of one step
        OptionalDouble bound = load.steps() == 1
                ? OptionalDouble
                        .of(expertNs * load.imbalances().stream().mapToDouble(i -> 1 - 1 / i).average().orElse(0))
                : OptionalDouble.empty();
        findings.add(Finding.of("expert-imbalance", "Experts are sent uneven numbers of tokens",
                "The products of experts take their time from the fullest expert where experts lie apart; on one device they"
                        + " share it. " + (load.steps() == 1
                                ? "The bound supposes that each layer takes as long as its fullest expert."
                                : "The counts are sums over steps: what one step costs does not follow from them."),
                expertNs, stepNs(), bound,
                List.of(new Evidence("fullest over mean", load.meanImbalance(), Unit.RATIO,
                        "tokens of the fullest expert ÷ of the mean expert, mean over the model's layers"),
                        new Evidence("worst layer", load.imbalances().get(worst), Unit.RATIO,
                                "the same in layer " + worst + ", the most uneven"),
                        new Evidence("steps counted", load.steps(), Unit.COUNT, "whose tokens were summed"),
                        new Evidence("products of experts", expertNs, Unit.NANOSECONDS, "a step, captured")),
                List.of("device-routing", "expert-parallelism", "expert-overlap"),
                List.of(new Occurrence("products of experts in " + phase.label(), expertNs, place(largestExpert()))))
                .atMost(Severity.MEDIUM));
    }

    private String largestExpert() {
        return phase.cost(layer).stream().flatMap(c -> c.operations().stream())
                .filter(o -> o.kind().equals("expert matmul"))
                .max(Comparator.comparingDouble(o -> o.timeUs().orElse(0.0))).map(OperationCost::name).orElse("");
    }

    private void slowerThanBelow() {
        int index = run.layers().indexOf(layer);
        Optional<LayerResult> below = index > 0 && isWhole(layer)
                ? run.layers().subList(0, index).reversed().stream().filter(RunAdvice::isWhole).findFirst()
                : Optional.empty();
        below.ifPresent(b -> slower(b, "layer-slower-than-below",
                "Slower than " + StoredRun.layerName(b.layer()),
                "This layer takes longer than the one below it, by more than repeats differ. Not every technique pays in each"
                        + " phase; leaving out its techniques one by one (run with --without) tells which does not.",
                layer.techniques().stream().filter(t -> !b.techniques().contains(t)).toList()));
    }

    /// Whether a result is of a layer of the ladder, with all of its techniques.
    private static boolean isWhole(LayerResult result) {
        return result.layer().equals("baseline") || result.layer().matches("[0-9]+");
    }

    /// Runs of this layer with a technique left out that were faster.
    private void slowerByATechnique() {
        String prefix = layer.layer() + " without ";
        for (LayerResult ablated : run.layers()) {
            if (ablated.layer().startsWith(prefix)) {
                String technique = ablated.layer().substring(prefix.length());
                slower(ablated, "technique-slower", "Slower by " + technique,
                        "The same layer without it was faster, by more than repeats differ.",
                        List.of(technique.split(",")));
            }
        }
    }

    private void slower(LayerResult faster, String rule, String title, String explanation, List<String> techniques) {
        Optional<Spread> mine = phase.timeMs(layer);
        Optional<Spread> other = phase.timeMs(faster);
        if (mine.isEmpty() || other.isEmpty()) {
            return;
        }
        Speedup speedup = Speedup.of(other.get(), mine.get());
        double lostNs = (mine.get().p50() - other.get().p50()) * 1e6;
        if (speedup.factor() >= 1 || speedup.withinNoise() || !speedup.repeated()) {
            return;
        }
        findings.add(Finding.of(rule, title + " in " + phase.label(), explanation, lostNs, mine.get().p50() * 1e6,
                OptionalDouble.of(lostNs),
                List.of(new Evidence(StoredRun.layerName(layer.layer()), mine.get().p50() * 1e6, Unit.NANOSECONDS,
                        "median " + phase.time() + " over the repeats"),
                        new Evidence(StoredRun.layerName(faster.layer()), other.get().p50() * 1e6, Unit.NANOSECONDS,
                                "median " + phase.time() + " over the repeats"),
                        new Evidence("speedup", speedup.factor(), Unit.RATIO, "the latter ÷ the former"),
                        new Evidence("at best", speedup.high(), Unit.RATIO, "longest ÷ shortest")),
                techniques, List.of(new Occurrence(StoredRun.layerName(layer.layer()) + " in " + phase.label(), lostNs,
                        place("")))));
    }

    private void dataQuality() {
        if (!run.report().complete()) {
            note("run-not-complete", "The run did not come to its end",
                    "It holds what was measured until then; " + HowTo.REST + ".");
        }
        run.report().failures().forEach(f -> note("layer-failed",
                Character.toUpperCase(StoredRun.layerName(f.layer()).charAt(0))
                        + StoredRun.layerName(f.layer()).substring(1) + " failed",
                f.reason()));
        run.report().notes().forEach(text -> note("run-note", "The run notes", text));
        if (device().isEmpty()) {
            note("not-captured", "The " + phase.label() + " of this layer was not captured",
                    "Operations have no times: " + HowTo.CAPTURE + ".");
        } else if (run.report().ceilings().isEmpty()) {
            note("no-ceilings", "The run has no ceilings of its machine",
                    "What the machine allows is not known, so that no operation could be held against it; "
                            + HowTo.CEILINGS + ".");
        }
        if (run.timeline(layer).isEmpty()) {
            note("no-timeline", "No timeline of this layer is there",
                    "Gaps, launches and copies could not be looked at. " + HowTo.timeline(layer));
        }
        phase.timeMs(layer).filter(t -> t.count() < 2).ifPresent(_ -> note("one-repeat", "Measured once",
                "Nothing tells by how much repeats differ, so that no difference could be told from noise."));
        layer.timeline().filter(t -> t.droppedRecords() > 0).ifPresent(t -> findings.add(Finding.note(
                "dropped-records", "Records of the capture were dropped", "Times of operations are too small by them.",
                List.of(new Evidence("dropped", t.droppedRecords(), Unit.COUNT, "records that found no room")))));
        if (phase == RunPhase.DECODE) {
            captureCost();
        }
    }

    private void captureCost() {
        layer.timeline().flatMap(t -> t.decodeMs().flatMap(c -> t.decodeMsUncaptured()
                .filter(u -> c > u * (1 + CAPTURE_COST)).map(u -> Finding.note("capture-cost",
                        "Capturing made the steps longer", "Captured times of operations and idle time hold that, too.",
                        List.of(new Evidence("captured step", c * 1e6, Unit.NANOSECONDS, "while it was captured"),
                                new Evidence("step", u * 1e6, Unit.NANOSECONDS, "median of the timed runs"))))))
                .ifPresent(findings::add);
    }

    private void note(String rule, String title, String explanation) {
        findings.add(Finding.note(rule, title, explanation, List.of()));
    }
}
