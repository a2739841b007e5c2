package org.moelab.app.shell;

import java.util.List;

import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;
import org.moelab.gpu.technique.Technique.Status;

/// A catalogue for pictures, which stays as it is when the lab's own grows: its layers, and a technique of each status.
final class SampleCatalogue {
    static final Catalogue CATALOGUE = new Catalogue(
            List.of(new Layer(0, "baseline", "", "As an eager framework runs a model."),
                    new Layer(1, "basics", "1-6", "Ranges, host placement, memory and libraries set up on purpose."),
                    new Layer(2, "memory", "7-8", "Fewer bytes and fewer passes."),
                    new Layer(3, "pipelining", "9-10", "Copies under computation."),
                    new Layer(4, "concurrency", "11-12", "Work beside work."),
                    new Layer(5, "precision and compilation", "13-14", "Fewer bits where they suffice."),
                    new Layer(6, "advanced inference", "15-20", "What serving adds: grouped experts, paging.")),
            List.of(technique("paged-attention", "paged attention", "The cache in pages that sequences share.", "",
                    "", Status.NOT_YET, ""),
                    technique("device-routing", "MoE routing and load balance",
                            "Tokens are sorted by expert on the device.",
                            "Steps of more than 8 tokens: one kernel counts and sorts the slots by expert and lists"
                                    + " tiles of one expert's tokens. The host waits for nothing.",
                            "compute capability 9.0", Status.DONE, ""),
                    technique("expert-overlap", "expert overlap", "Communication beside the experts' work.",
                            "Experts of other devices are asked for while those at hand compute.", "several GPUs",
                            Status.DONE, ""),
                    technique("graph-buckets", "graph buckets", "A graph for each range of lengths.", "", "",
                            Status.NOT_APPLICABLE, "no launch's shape depends on the length")));

    private SampleCatalogue() {
    }

    private static Technique technique(String id, String name, String what, String how, String needs, Status status,
            String reason) {
        return new Technique(id, name, 6, 15, what, how, needs, List.of(), List.of(), "tokens per second", status,
                reason);
    }
}
