package org.moelab.app.expectation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import org.moelab.app.expectation.Expectations.Expected;
import org.moelab.app.expectation.Expectations.LayerExpectation;
import org.moelab.app.expectation.Expectations.OperationExpectation;
import org.moelab.app.expectation.Expectations.Source;
import org.moelab.app.expectation.LeastNoise.Deviation;
import org.moelab.app.run.RunPhase;
import org.moelab.gpu.bench.ReportJson;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.bench.Spread;

/// Makes expectations from runs. A layer's runs are taken together where their techniques and the implementations of their
/// operations are those of the newest; older ones of another build tell nothing of it.
public final class Learning {
    private static final int DIGITS = 6;
    private static final int NOISE_DIGITS = 4;
    /// The mean range of 2, 3, … values of a normal distribution over its standard deviation, as in control charts; the last
    /// also for more values, where it overstates the noise.
    private static final double[] MEAN_RANGE = { 1.128, 1.693, 2.059, 2.326, 2.534, 2.704, 2.847, 2.970, 3.078 };

    private final List<Deviation> ttft = new ArrayList<>();
    private final List<Deviation> tpot = new ArrayList<>();
    private final List<Deviation> operation = new ArrayList<>();
    private final List<Deviation> operationUs = new ArrayList<>();

    private Learning() {
    }

    /// A run and what it is called.
    public record NamedRun(String name, RunReport report) {
        private Instant began() {
            return report.started().flatMap(ReportJson::moment).orElse(Instant.EPOCH);
        }
    }

    static Expectations from(List<NamedRun> runs) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("no run");
        }
        List<NamedRun> sorted = runs.stream().sorted(Comparator.comparing(NamedRun::began)).toList();
        Map<Workload, Map<String, List<LayerResult>>> byLayer = new LinkedHashMap<>();
        for (NamedRun run : sorted) {
            Map<String, List<LayerResult>> layers = byLayer.computeIfAbsent(Workload.of(run.report),
                    _ -> new LinkedHashMap<>());
            run.report.layers().forEach(l -> layers.computeIfAbsent(l.layer(), _ -> new ArrayList<>()).add(l));
        }
        Learning learning = new Learning();
        List<Expected> expected = new ArrayList<>();
        byLayer.forEach((workload, layers) -> expected
                .add(new Expected(workload, layers.values().stream().map(learning::layer).toList())));
        return new Expectations(Expectations.VERSION,
                sorted.stream().map(r -> Source.of(r.name, r.report)).toList(),
                LeastNoise.over(learning.ttft, learning.tpot, learning.operation, learning.operationUs), expected);
    }

    private LayerExpectation layer(List<LayerResult> all) {
        LayerResult newest = all.getLast();
        List<LayerResult> alike = all.stream().filter(l -> alike(l, newest)).toList();
        Figure ttftMs = whole(alike, l -> Optional.of(l.ttftMs()), ttft).orElseThrow();
        Optional<Figure> tpotMs = whole(alike, LayerResult::tpotMs, tpot);
        return new LayerExpectation(newest.layer(), newest.techniques(), ttftMs, tpotMs,
                rate(newest.prefillTokensPerSecond(), newest.ttftMs(), ttftMs),
                newest.decodeTokensPerSecond().flatMap(
                        r -> newest.tpotMs().flatMap(t -> tpotMs.map(expected -> rate(r, t, expected)))),
                operations(alike, RunPhase.PREFILL), operations(alike, RunPhase.DECODE));
    }

    /// Tokens a second at the expected time: those at the run's own median, scaled.
    private static double rate(double measured, Spread own, Figure expected) {
        return Rounding.significant(measured * own.p50() / expected.median(), DIGITS);
    }

    private static boolean alike(LayerResult a, LayerResult b) {
        return a.techniques().equals(b.techniques()) && work(a).equals(work(b));
    }

    private static List<List<String>> work(LayerResult layer) {
        return Stream.of(RunPhase.values()).map(phase -> phase.cost(layer).map(PhaseCost::operations).orElse(List.of())
                .stream().map(o -> o.name() + " by " + o.implementation()).toList()).toList();
    }

    private static Optional<Figure> whole(List<LayerResult> layers, Function<LayerResult, Optional<Spread>> time,
            List<Deviation> pool) {
        List<Spread> spreads = layers.stream().flatMap(l -> time.apply(l).stream()).filter(s -> s.p50() > 0).toList();
        if (spreads.isEmpty()) {
            return Optional.empty();
        }
        List<Double> medians = spreads.stream().map(Spread::p50).toList();
        Optional<Deviation> across = Deviation.ofLogs(medians);
        across.ifPresent(pool::add);
        List<Double> within = spreads.stream().filter(s -> s.count() > 1).map(Learning::repeats).toList();
        Optional<Double> repeats = within.isEmpty()
                ? Optional.empty()
                : Optional.of(Rounding.significant(Math.sqrt(
                        within.stream().mapToDouble(w -> w * w).average().orElse(0)), NOISE_DIGITS));
        return Optional.of(figure(medians, across, repeats));
    }

    /// The standard deviation of the logarithms of repeats, from their range; zero for one.
    static double repeats(Spread spread) {
        return spread.count() < 2
                ? 0
                : Math.log(spread.max() / spread.min())
                        / MEAN_RANGE[(int) Math.min(spread.count() - 2, MEAN_RANGE.length - 1)];
    }

    private List<OperationExpectation> operations(List<LayerResult> layers, RunPhase phase) {
        List<OperationExpectation> expected = new ArrayList<>();
        for (OperationCost cost : phase.cost(layers.getLast()).map(PhaseCost::operations).orElse(List.of())) {
            List<Double> times = layers.stream().flatMap(l -> timeUs(l, phase, cost.name()).stream()).toList();
            if (times.isEmpty()) {
                continue;
            }
            Optional<Deviation> across = Deviation.ofLogs(times);
            Figure figure = figure(times, across, Optional.empty());
            if (figure.median() < LeastNoise.SHORT_US) {
                Deviation.of(times).ifPresent(operationUs::add);
            } else {
                across.ifPresent(operation::add);
            }
            expected.add(new OperationExpectation(cost.name(), cost.implementation(), figure));
        }
        return expected;
    }

    /// What operations of a name took in a step of a layer; empty where that was not captured.
    static Optional<Double> timeUs(LayerResult layer, RunPhase phase, String operation) {
        return phase.cost(layer).flatMap(cost -> cost.operations().stream().filter(o -> o.name().equals(operation))
                .findFirst().flatMap(OperationCost::timeUs).map(t -> t / cost.steps())).filter(t -> t > 0);
    }

    private static Figure figure(List<Double> times, Optional<Deviation> across, Optional<Double> repeats) {
        List<Double> sorted = times.stream().sorted().toList();
        int n = sorted.size();
        double median = (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
        return new Figure(Rounding.significant(median, DIGITS), n,
                across.map(d -> Rounding.significant(d.value(), NOISE_DIGITS)), repeats);
    }
}
