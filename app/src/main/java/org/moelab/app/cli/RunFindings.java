package org.moelab.app.cli;

import java.util.List;

import org.moelab.app.run.RunAdvice;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.advice.FindingTable.Sourced;

/// What rules find in runs, as verbs tell it.
final class RunFindings {
    /// The phases in the order in which they are told.
    static final List<RunPhase> PHASES = List.of(RunPhase.DECODE, RunPhase.PREFILL);

    private RunFindings() {
    }

    /// The findings of a layer in these phases.
    static List<Sourced> of(StoredRun run, LayerResult layer, List<RunPhase> phases) {
        return phases.stream().flatMap((RunPhase phase) -> {
            String source = run.name() + ", " + StoredRun.layerName(layer.layer()) + " in " + phase.label();
            return RunAdvice.of(run, layer, phase).stream().map(f -> new Sourced(source, f));
        }).toList();
    }

    /// The words for a technique's id.
    static String technique(Catalogue catalogue, String id) {
        return catalogue.find(id).map(t -> t.name() + " (layer " + t.layer() + ", " + t.status().label() + ")")
                .orElse(id);
    }
}
