package org.moelab.app.inference;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.ExpertLoads;
import org.moelab.gpu.bench.RunReport.DeviceUse;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

/// What the experts were sent in a phase, and what follows of it.
///
/// @param phase the counts
/// @param of the phase's name
/// @param productsMs what the products of the experts took in the layer that was counted, a captured prompt; empty where that
///                   was not captured
record ExpertLoad(ExpertLoads.Phase phase, RunPhase of, Optional<Double> productsMs) {
    /// An expert of a layer of the model, both from 0.
    record Place(int layer, int expert) {}

    /// The loads of a run; empty where it does not tell.
    static Optional<ExpertLoad> of(StoredRun run, RunPhase phase) {
        return run.report().expertLoads().flatMap(loads -> (phase == RunPhase.PREFILL
                ? Optional.of(loads.prefill())
                : loads.decode()).map(counts -> new ExpertLoad(counts, phase, products(run, loads.layer(), phase))));
    }

    private static Optional<Double> products(StoredRun run, String layer, RunPhase phase) {
        return run.layer(layer).flatMap(phase::cost).filter(cost -> cost.device().map(DeviceUse::kernels).isPresent())
                .map(cost -> cost.operations().stream().filter(o -> o.kind().equals("expert matmul"))
                        .mapToDouble(o -> o.timeUs().orElse(0.0)).sum() / 1e3 / cost.steps())
                .filter(ms -> ms > 0);
    }

    int layers() {
        return phase.counts().size();
    }

    int experts() {
        return phase.counts().getFirst().size();
    }

    /// Tokens that an expert was sent.
    long tokens(Place place) {
        return phase.counts().get(place.layer()).get(place.expert());
    }

    /// What each expert would be sent, were all sent the same.
    double evenShare() {
        return phase.counts().getFirst().stream().mapToLong(Long::longValue).sum() / (double) experts();
    }

    /// For each layer its fullest expert over the mean.
    List<Double> imbalances() {
        return phase.imbalances();
    }

    int worstLayer() {
        return phase.worstLayer();
    }

    /// The coefficient of variation of a layer: the population's standard deviation over the mean.
    double variation(int layer) {
        double even = evenShare();
        double squares = phase.counts().get(layer).stream().mapToDouble(c -> (c - even) * (c - even)).sum();
        return Math.sqrt(squares / experts()) / even;
    }

    /// The expert that was sent the most; the first of equals.
    Place busiest() {
        return extreme(1);
    }

    /// The expert that was sent the least; the first of equals.
    Place idlest() {
        return extreme(-1);
    }

    private Place extreme(int sign) {
        Place found = new Place(0, 0);
        for (int layer = 0; layer < layers(); layer++) {
            for (int expert = 0; expert < experts(); expert++) {
                Place place = new Place(layer, expert);
                if (sign * tokens(place) > sign * tokens(found)) {
                    found = place;
                }
            }
        }
        return found;
    }

    /// Experts of all layers that were sent nothing.
    long unused() {
        return phase.counts().stream().flatMap(List::stream).filter(c -> c == 0).count();
    }

    /// What an expert was sent, for people.
    String describe(Place place) {
        return String.format(Locale.ROOT, "Layer %d, expert %d%n%s of %,d fed%n%.2f × an even share of %.1f",
                place.layer(), place.expert(), Unit.counted(tokens(place), "token"), phase.tokens(),
                tokens(place) / evenShare(), evenShare());
    }

    /// The busiest and the idlest in a sentence.
    String extremes() {
        Place most = busiest();
        Place least = idlest();
        return String.format(Locale.ROOT,
                "Framed: the busiest, layer %d, expert %d with %,d, %.2f× an even share · the idlest, layer %d, expert %d with %,d"
                        + " · %d of %d were sent none",
                most.layer(), most.expert(), tokens(most), tokens(most) / evenShare(), least.layer(), least.expert(),
                tokens(least), unused(), layers() * experts());
    }

    /// What an even load would save at most if the products of each layer, all layers alike, took as long as their busiest
    /// expert, in ms; empty where the counts are of several steps, of which nothing follows for one of them.
    Optional<Double> boundMs() {
        return phase.steps() > 1
                ? Optional.empty()
                : productsMs.map(ms -> ms
                        * imbalances().stream().mapToDouble(i -> 1 - 1 / i).average().orElseThrow());
    }

    /// What the imbalance cost, as far as that can be told.
    String cost() {
        if (phase.steps() > 1) {
            return String.format(Locale.ROOT,
                    "Sums over %,d steps (mean imbalance %.2f): how uneven a single step is, and"
                            + " what that costs, does not follow from them",
                    phase.steps(), phase.meanImbalance());
        }
        return boundMs().map(ms -> String.format(Locale.ROOT,
                "Analytic bound: if each layer waited for its busiest expert, an even load would save at most %.2f of %.2f"
                        + " ms of expert products",
                ms, productsMs.orElseThrow()))
                .orElseGet(() -> String.format(Locale.ROOT,
                        "Mean imbalance %.2f; the time of the expert products was not captured",
                        phase.meanImbalance()));
    }

    /// The counts as a table, a row an expert.
    ReportTable table() {
        ReportTable.Builder table = ReportTable.builder(
                Column.whole("Layer", Unit.NONE, "layer of the model, from 0"),
                Column.whole("Expert", Unit.NONE, "expert of the layer, from 0"),
                Column.whole("Tokens", Unit.COUNT, "tokens that it was sent in " + of.label()),
                Column.real("Over Even", Unit.RATIO, "tokens over an even share", 4),
                Column.real("Layer Max/Mean", Unit.RATIO, "the layer's fullest expert over its mean", 4),
                Column.real("Layer CV", Unit.RATIO, "standard deviation over the mean of the layer", 4));
        List<Double> imbalances = imbalances();
        for (int layer = 0; layer < layers(); layer++) {
            for (int expert = 0; expert < experts(); expert++) {
                long tokens = tokens(new Place(layer, expert));
                table.row(layer, expert, tokens, tokens / evenShare(), imbalances.get(layer), variation(layer));
            }
        }
        return table.build();
    }
}
