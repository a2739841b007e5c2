package org.moelab.app.run;

import org.moelab.gpu.bench.RunReport.LayerResult;

/// What measures what a run lacks, in words for whoever looks for it. What findings say goes into reports and to language models:
/// it names no folder.
public final class HowTo {
    /// Of timelines, and of the times of operations that come with them.
    public static final String CAPTURE = "moelab run with --profile minimal captures it, on a GPU where CUPTI is found";
    /// Of the rates that the machine reaches.
    public static final String CEILINGS = "moelab run measures them at its end, on a GPU";
    /// Of what was to come when a run broke off.
    public static final String REST = "moelab run --resume goes on with it";
    /// Of a layer to hold another against.
    public static final String LAYERS = "moelab run --layers baseline,6 runs two";

    private HowTo() {
    }

    /// Why a layer of a run has no timeline, and what gives it one.
    public static String timeline(LayerResult layer) {
        String name = StoredRun.layerName(layer.layer());
        return layer.timeline().isPresent()
                ? "The timeline of " + name + ", " + layer.timeline().get().file() + ", is not in the run's directory."
                : "No timeline of " + name + " was captured in this run: " + CAPTURE + ".";
    }

    /// What measures the worth of single techniques of a run.
    public static String ablation(StoredRun run) {
        return "moelab ablate -o " + run.folder() + " measures it, or a switch here and the page Run";
    }
}
