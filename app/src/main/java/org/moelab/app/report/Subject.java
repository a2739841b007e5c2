package org.moelab.app.report;

import java.util.List;
import java.util.Optional;

import org.moelab.app.run.Ladder;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.model.ImportMonitor;

/// What a report is about.
///
/// @param run the run
/// @param catalogue what is told of layers and techniques
/// @param monitor hears of progress where timelines are read, and can stop it
/// @param draws whether sections have charts; where Java cannot draw, no figure may even be made
public record Subject(StoredRun run, Catalogue catalogue, ImportMonitor monitor, boolean draws) {
    /// The phases in the order in which reports tell of them.
    static final List<RunPhase> PHASES = List.of(RunPhase.DECODE, RunPhase.PREFILL);

    /// The ladder in a phase.
    Ladder ladder(RunPhase phase) {
        return Ladder.of(run, phase, catalogue);
    }

    /// The lowest layer that gave a result, where it is not also the highest.
    Optional<LayerResult> lowest() {
        return Optional.of(run.layers().getFirst()).filter(l -> !l.equals(run.top()));
    }

    /// A layer's name with what it is about: `layer 2 (memory)`.
    String named(String layer) {
        return StoredRun.layerName(layer) + catalogue.layer(layer).filter(l -> l.number() > 0)
                .map(l -> " (" + l.name() + ")").orElse("");
    }
}
