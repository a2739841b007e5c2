package org.moelab.app.expectation;

import java.util.List;
import java.util.Optional;

import org.moelab.app.run.RunPhase;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.Spread;

/// A target of others beside what a run measured.
///
/// @param target what was published
/// @param own decode tokens a second of the run's highest layer, or how often as fast as its lowest that is; absent where not measured
/// @param ratio own over the target's lower bound; absent where the GPU is another, so that they say nothing of each other
public record TargetStanding(Target target, Optional<Double> own, Optional<Double> ratio) {
    /// The targets for a run's model.
    public static List<TargetStanding> of(RunReport run) {
        Workload workload = Workload.of(run);
        return Targets.of(workload.device(), workload.model()).stream().map(t -> of(t, workload, run)).toList();
    }

    private static TargetStanding of(Target target, Workload workload, RunReport run) {
        Optional<Double> own = target.to().isPresent() ? topRate(run) : speedup(run);
        Optional<Double> ratio = target.isOf(workload.device())
                ? own.flatMap(o -> target.to().or(target::factorLow).map(t -> o / t))
                : Optional.empty();
        return new TargetStanding(target, own, ratio);
    }

    private static Optional<Double> topRate(RunReport run) {
        return run.layers().isEmpty() ? Optional.empty() : run.layers().getLast().decodeTokensPerSecond();
    }

    private static Optional<Double> speedup(RunReport run) {
        List<Double> tpot = run.layers().stream().map(RunPhase.DECODE::timeMs)
                .flatMap((Optional<Spread> s) -> s.map(Spread::p50).stream()).toList();
        boolean ladder = run.layers().size() > 1 && run.layers().getFirst().layer().equals("baseline");
        return ladder && tpot.size() > 1 ? Optional.of(tpot.getFirst() / tpot.getLast()) : Optional.empty();
    }

    /// What [#own] is, in words.
    public String ownAbout() {
        return target.to().isPresent()
                ? "decode tok/s of the highest layer, batch as run"
                : "TPOT of the baseline over that of the highest layer";
    }

    /// Why there is no ratio, or that there is one.
    public String remark(RunReport run) {
        return ratio.isPresent()
                ? "same GPU"
                : target.isOf(Workload.of(run).device())
                        ? "not measured in this run"
                        : "for another GPU: no ratio is stated";
    }
}
