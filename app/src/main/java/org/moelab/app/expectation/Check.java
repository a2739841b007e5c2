package org.moelab.app.expectation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.app.expectation.Comparison.Verdict;
import org.moelab.app.expectation.Expectations.Expected;
import org.moelab.app.expectation.Expectations.LayerExpectation;
import org.moelab.app.expectation.Expectations.OperationExpectation;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.bench.Spread;

/// A run held against expectations.
///
/// @param workload what was compared
/// @param comparisons all, layer by layer, the whole before its operations
/// @param failures layers that gave no result, and of which one was expected: they count as regressions
/// @param notes what could not be compared, and why
/// @param leastNoise what was supposed of any figure
public record Check(Workload workload, List<Comparison> comparisons, List<LayerFailure> failures, List<String> notes,
        LeastNoise leastNoise) {
    /// Operations that moved by less of the TTFT or TPOT do not fail a run: the times of short ones differ between machines by
    /// more than runs on one machine show, and together such moves are seen in the whole.
    static final double LEAST_SHARE = 0.005;

    public Check {
        comparisons = List.copyOf(comparisons);
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    /// Why a run cannot be held against expectations; empty where it can.
    public static Optional<String> obstacle(RunReport run, Expectations expectations) {
        Workload workload = Workload.of(run);
        Optional<Expected> expected = expectations.of(workload);
        if (expected.isEmpty()) {
            return Optional.of("nothing to compare: this is " + workload.about() + ", and expected is "
                    + expectations.holds());
        }
        List<String> layers = expected.get().layers().stream().map(LayerExpectation::layer).toList();
        boolean any = Stream.concat(run.layers().stream().map(LayerResult::layer),
                run.failures().stream().map(LayerFailure::layer)).anyMatch(layers::contains);
        return any
                ? Optional.empty()
                : Optional.of("nothing to compare: the run has the layers "
                        + run.layers().stream().map(LayerResult::layer).toList() + ", and expected are " + layers);
    }

    /// Compares.
    ///
    /// @throws IllegalArgumentException where there is an [#obstacle]
    public static Check of(RunReport run, Expectations expectations) {
        obstacle(run, expectations).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        Workload workload = Workload.of(run);
        List<LayerExpectation> expected = expectations.of(workload).map(Expected::layers).orElse(List.of());
        Comparing comparing = new Comparing(expectations.leastNoise());
        for (LayerResult layer : run.layers()) {
            expected.stream().filter(e -> e.layer().equals(layer.layer())).findFirst().ifPresentOrElse(
                    e -> comparing.layer(e, layer),
                    () -> comparing.notes.add(StoredRun.layerName(layer.layer()) + ": nothing is expected of it"));
        }
        List<LayerFailure> failures = Stream.concat(run.failures().stream(), lost(run))
                .filter(f -> expected.stream().anyMatch(e -> e.layer().equals(f.layer()))).toList();
        List<String> seen = Stream.concat(run.layers().stream().map(LayerResult::layer),
                failures.stream().map(LayerFailure::layer)).toList();
        List<String> missing = expected.stream().map(LayerExpectation::layer).filter(l -> !seen.contains(l))
                .map(StoredRun::layerName).toList();
        if (!missing.isEmpty()) {
            comparing.notes.add(String.join(", ", missing) + ": expected, and not in the run");
        }
        return new Check(workload, judged(comparing.comparisons), failures, comparing.notes,
                expectations.leastNoise());
    }

    /// Layers that a run which broke off did not come to: it passes no check by what it has.
    private static Stream<LayerFailure> lost(RunReport run) {
        if (run.complete()) {
            return Stream.empty();
        }
        List<String> seen = Stream.concat(run.layers().stream().map(LayerResult::layer),
                run.failures().stream().map(LayerFailure::layer)).toList();
        return run.asked().layers().stream().filter(layer -> !seen.contains(layer))
                .map(layer -> new LayerFailure(layer, List.of(), "the run did not come to its end"));
    }

    private static List<Comparison> judged(List<Comparison> all) {
        Set<Comparison> slower = Significance.beyondNoise(all, Comparison::widths);
        Set<Comparison> faster = Significance.beyondNoise(all, c -> -c.widths());
        List<Comparison> verdicts = all.stream()
                .map(c -> c.with(verdict(c, slower.contains(c), faster.contains(c)), Optional.empty())).toList();
        return verdicts.stream().map(c -> c.with(c.verdict(), verdicts.stream()
                .filter(w -> !c.isWhole() && w.isWhole() && w.layer().equals(c.layer()) && w.phase() == c.phase()
                        && w.verdict() != Verdict.WITHIN_NOISE)
                .findFirst().map(w -> c.deltaMs() / w.deltaMs()))).toList();
    }

    private static Verdict verdict(Comparison comparison, boolean slower, boolean faster) {
        if (!slower && !faster) {
            return Verdict.WITHIN_NOISE;
        }
        if (!comparison.isWhole() && Math.abs(comparison.ofWhole()) < LEAST_SHARE) {
            return Verdict.TOO_SMALL;
        }
        return slower ? Verdict.REGRESSED : Verdict.IMPROVED;
    }

    /// Collects what is compared of the layers.
    private static final class Comparing {
        private final LeastNoise least;
        private final List<Comparison> comparisons = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        private Comparing(LeastNoise least) {
            this.least = least;
        }

        private void layer(LayerExpectation expected, LayerResult layer) {
            if (!expected.techniques().equals(layer.techniques())) {
                notes.add(StoredRun.layerName(layer.layer()) + ": its techniques are not those expected");
            }
            phase(RunPhase.PREFILL, layer, Optional.of(expected.ttftMs()), least.ttft(), expected.prefill());
            phase(RunPhase.DECODE, layer, expected.tpotMs(), least.tpot(), expected.decode());
        }

        private void phase(RunPhase phase, LayerResult layer, Optional<Figure> whole, LeastNoise.Level level,
                List<OperationExpectation> operations) {
            Optional<Spread> measured = phase.timeMs(layer).filter(s -> s.p50() > 0);
            if (whole.isEmpty() || measured.isEmpty()) {
                return;
            }
            Figure figure = whole.get();
            double wholeMs = figure.median();
            double noise = figure.noise(level.value(), Learning.repeats(measured.get()));
            comparisons.add(comparison(layer, phase, "", figure, 1, measured.get().p50(), noise, wholeMs, ""));
            List<OperationCost> own = phase.cost(layer).map(PhaseCost::operations).orElse(List.of());
            if (own.stream().noneMatch(o -> o.timeUs().isPresent())) {
                if (!operations.isEmpty()) {
                    notes.add(StoredRun.layerName(layer.layer()) + ", " + phase.label()
                            + ": its operations were not captured, so that only the whole is compared");
                }
                return;
            }
            for (OperationExpectation o : operations) {
                operation(phase, layer, o, own, wholeMs);
            }
            own.stream().filter(o -> operations.stream().noneMatch(e -> e.name().equals(o.name())))
                    .forEach(o -> Learning.timeUs(layer, phase, o.name()).ifPresent(us -> notes.add(String.format(
                            Locale.ROOT, "%s, %s: %s is new, and took %.1f µs a step",
                            StoredRun.layerName(layer.layer()), phase.label(), o.name(), us))));
        }

        private void operation(RunPhase phase, LayerResult layer, OperationExpectation expected,
                List<OperationCost> own, double wholeMs) {
            Optional<Double> us = Learning.timeUs(layer, phase, expected.name());
            if (us.isEmpty()) {
                notes.add(String.format(Locale.ROOT, "%s, %s: %s is gone, or has no time; it took %.1f µs a step",
                        StoredRun.layerName(layer.layer()), phase.label(), expected.name(),
                        expected.timeUs().median()));
                return;
            }
            String remark = own.stream()
                    .filter(o -> o.name().equals(expected.name())
                            && !o.implementation().equals(expected.implementation()))
                    .map(o -> "by " + o.implementation() + " instead of " + expected.implementation()).findFirst()
                    .orElse("");
            comparisons.add(comparison(layer, phase, expected.name(), expected.timeUs(), 1e-3, us.get() * 1e-3,
                    least.ofOperation(expected.timeUs()), wholeMs, remark));
        }

        private static Comparison comparison(LayerResult layer, RunPhase phase, String operation, Figure figure,
                double toMs, double measuredMs, double noise, double wholeMs, String remark) {
            double expectedMs = figure.median() * toMs;
            // the expected is itself an average of so many runs
            return new Comparison(layer.layer(), phase, operation, expectedMs, measuredMs,
                    noise * Math.sqrt(1 + 1.0 / figure.runs()), Verdict.WITHIN_NOISE,
                    (measuredMs - expectedMs) / wholeMs, Optional.empty(), remark);
        }
    }

    /// Whether anything is slower beyond noise and by enough to matter, or failed.
    public boolean regressed() {
        return !failures.isEmpty() || !of(Verdict.REGRESSED).isEmpty();
    }

    /// The comparisons of a verdict, those that matter most to their layer first.
    public List<Comparison> of(Verdict verdict) {
        return comparisons.stream().filter(c -> c.verdict() == verdict)
                .sorted(Comparator.comparingDouble((Comparison c) -> -Math.abs(c.ofWhole()))).toList();
    }

    /// How it was decided, in words.
    public String method() {
        return String.format(Locale.ROOT,
                "Noise: standard deviation of logarithms across runs and repeats, at least %s. %d comparisons, one-sided,"
                        + " by Holm's method: where nothing changed and noise is normal, at most %.0f %% of runs fail;"
                        + " the first difference counts from %.1f widths on. An operation that moved by less than %.1f %% of the"
                        + " TTFT or TPOT fails no run.",
                leastNoise.about(), comparisons.size(), 100 * Significance.ALARM,
                Significance.threshold(comparisons.size()), 100 * LEAST_SHARE);
    }
}
