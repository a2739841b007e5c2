package org.moelab.app.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.Spread;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;

/// The layers of a run in a phase, and what each gained. Layers of the catalogue that the run lacks are there without a
/// result.
///
/// @param run what was measured
/// @param phase of which the speedups are
/// @param rungs the catalogue's layers from the baseline up, then what else the run holds
public record Ladder(StoredRun run, RunPhase phase, List<Rung> rungs) {
    public Ladder {
        rungs = List.copyOf(rungs);
    }

    /// A layer.
    ///
    /// @param id as the run calls it
    /// @param layer what the catalogue says of it; empty for what is none of its layers, as one with a technique left out
    /// @param result what was measured; empty where nothing was
    /// @param failure why there is no result, where the run tells
    /// @param cumulative over the lowest layer of the run
    /// @param incremental over the layer below it in the run
    public record Rung(String id, Optional<Layer> layer, Optional<LayerResult> result, Optional<String> failure,
            Optional<Speedup> cumulative, Optional<Speedup> incremental) {
        /// Its name in a sentence.
        public String name() {
            return StoredRun.layerName(id);
        }
    }

    /// The ladder of a run.
    public static Ladder of(StoredRun run, RunPhase phase, Catalogue catalogue) {
        List<Rung> rungs = new ArrayList<>();
        Set<String> known = new HashSet<>();
        Optional<Spread> lowest = Optional.empty();
        Optional<Spread> below = Optional.empty();
        for (Layer layer : catalogue.layers()) {
            known.add(layer.id());
            Optional<LayerResult> result = run.layer(layer.id());
            Optional<Spread> time = result.flatMap(phase::timeMs);
            rungs.add(new Rung(layer.id(), Optional.of(layer), result, failure(run, layer.id()),
                    speedup(lowest, time), speedup(below, time)));
            lowest = lowest.or(() -> time);
            below = time.isPresent() ? time : below;
        }
        Optional<Spread> reference = lowest;
        run.layers().stream().filter(l -> !known.contains(l.layer()))
                .forEach(l -> rungs.add(new Rung(l.layer(), Optional.empty(), Optional.of(l), Optional.empty(),
                        speedup(reference, phase.timeMs(l)), Optional.empty())));
        return new Ladder(run, phase, rungs);
    }

    private static Optional<Speedup> speedup(Optional<Spread> before, Optional<Spread> after) {
        return before.flatMap(b -> after.map(a -> Speedup.of(b, a)));
    }

    private static Optional<String> failure(StoredRun run, String layer) {
        return run.report().failures().stream().filter(f -> f.layer().equals(layer)).map(LayerFailure::reason)
                .findFirst();
    }

    /// The rungs of the catalogue's layers whose time was measured, from the lowest up.
    public List<Rung> measured() {
        return rungs.stream().filter(r -> r.layer().isPresent() && r.result().flatMap(phase::timeMs).isPresent())
                .toList();
    }

    /// The rung that brought most over the one below it, where one brought more than noise.
    public Optional<Rung> most() {
        return rungs.stream().filter(r -> r.incremental().filter(s -> s.factor() > 1 && !s.withinNoise()).isPresent())
                .max(Comparator.comparingDouble(r -> r.incremental().orElseThrow().factor()));
    }

    /// A rung by its id.
    public Optional<Rung> rung(String id) {
        return rungs.stream().filter(r -> r.id().equals(id)).findFirst();
    }

    /// What a technique did in a layer of this run.
    public static String status(Technique technique, LayerResult result) {
        return switch (technique.status()) {
            case DONE -> result.techniques().contains(technique.id()) ? "on" : "off in this run";
            case ON_REQUEST, NOT_RUN, NOT_YET -> result.techniques().contains(technique.id())
                    ? "on"
                    : technique.status().label();
            case NOT_APPLICABLE -> Technique.Status.NOT_APPLICABLE.label();
        };
    }
}
