package org.moelab.app.inference;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.app.export.Figure;
import org.moelab.app.run.OperationFloors;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.ExpertLoads;
import org.moelab.gpu.bench.RunReport.LayerResult;

/// Single figures of the page, for documents.
public final class InferenceFigures {
    private InferenceFigures() {
    }

    /// The operations of a layer against their floors; empty where the run lacks ceilings or captured times.
    public static Optional<Figure> floors(StoredRun run, LayerResult layer, RunPhase phase) {
        return OperationFloors.of(run, layer, phase).filter(f -> !f.measured().isEmpty())
                .map(f -> new FloorsFigure(phase == RunPhase.DECODE ? "decode step" : "prompt", Optional.of(f), "",
                        Optional.empty()));
    }

    /// The experts' loads as a heat map; empty where the run counted none in the phase.
    public static Optional<Figure> loads(StoredRun run, RunPhase phase) {
        return ExpertLoad.of(run, phase).map(load -> new LoadsFigure(
                "Tokens an expert was sent in " + phase.label() + ", counted in "
                        + run.report().expertLoads().map(ExpertLoads::layer).map(StoredRun::layerName).orElse(""),
                Optional.of(load), ""));
    }

    /// How uneven the loads of a phase were.
    ///
    /// @param extremes the busiest and the idlest expert, in a sentence
    /// @param cost what the imbalance cost, as far as that can be told
    /// @param layers a row a layer of the model
    public record LoadFacts(String extremes, String cost, List<LayerLoad> layers) {
        public LoadFacts {
            layers = List.copyOf(layers);
        }
    }

    /// The loads of a layer of the model.
    ///
    /// @param layer from 0
    /// @param imbalance tokens of the fullest expert over those of the mean one
    /// @param variation standard deviation over mean
    /// @param fullest the expert that was sent the most, from 0; the first of equals
    /// @param most tokens that it was sent
    /// @param least tokens that the idlest was sent
    /// @param unused experts that were sent none
    public record LayerLoad(int layer, double imbalance, double variation, int fullest, long most, long least,
            long unused) {}

    /// The loads of a phase in figures; empty where the run counted none.
    public static Optional<LoadFacts> facts(StoredRun run, RunPhase phase) {
        return ExpertLoad.of(run, phase)
                .map(load -> new LoadFacts(load.extremes(), load.cost(), IntStream
                        .range(0, load.layers()).mapToObj(layer -> layer(load, layer)).toList()));
    }

    private static LayerLoad layer(ExpertLoad load, int layer) {
        List<Long> counts = load.phase().counts().get(layer);
        long most = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        return new LayerLoad(layer, load.imbalances().get(layer), load.variation(layer), counts.indexOf(most), most,
                counts.stream().mapToLong(Long::longValue).min().orElse(0),
                counts.stream().filter(c -> c == 0).count());
    }
}
