package org.moelab.app.peers;

import java.util.Optional;

import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.Spread;

/// What a layer of a run measured, in a peer's terms.
///
/// @param name the run and its layer
/// @param model by name
/// @param gpu by name; of a processor, what ran
/// @param experts the format of the experts' weights, which are nearly all weights
/// @param others the format of the other weights where a step of few tokens reads them
/// @param prefill prompt tokens of the whole batch a second
/// @param decodeTotal new tokens of the whole batch a second
public record OwnResult(String name, String model, String gpu, int batch, int prompt, int generated, String experts,
        String others, double prefill, Optional<Double> decodeTotal, double ttftMs, Optional<Double> tpotMs) {
    /// A layer of a run.
    public static OwnResult of(StoredRun run, LayerResult layer) {
        RunReport report = run.report();
        RunReport.Asked asked = report.asked();
        return new OwnResult(run.name() + ", " + StoredRun.layerName(layer.layer()), report.model().name(),
                report.machine().gpu().map(RunReport.Gpu::name).orElse(report.machine().device()), asked.batch(),
                asked.prompt(), asked.generate(), layer.techniques().contains("mxfp4") ? "MXFP4" : "BF16",
                layer.techniques().contains("fp8") ? "FP8" : "BF16", layer.prefillTokensPerSecond(),
                layer.decodeTokensPerSecond(), layer.ttftMs().p50(), layer.tpotMs().map(Spread::p50));
    }
}
