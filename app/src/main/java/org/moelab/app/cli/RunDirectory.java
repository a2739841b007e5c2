package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.moelab.app.launch.RunEvent;
import org.moelab.gpu.bench.ExpertLoads;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.capture.CaptureTrace;
import org.moelab.gpu.capture.CapturedRun;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.traces.export.TraceFile;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// Keeps what a run gives in a folder, and tells a person of it.
final class RunDirectory implements RunSession.Progress {
    private final Path folder;
    private final Terminal terminal;
    private final ProgressOptions listener;
    private List<DeviceInfo> devices = List.of();

    RunDirectory(Path folder, Terminal terminal, ProgressOptions listener) {
        this.folder = folder;
        this.terminal = terminal;
        this.listener = listener;
    }

    Path folder() {
        return folder;
    }

    /// Says what the timelines' device is.
    void describe(EngineChoice choice) {
        if (choice.ground() instanceof CudaContext context) {
            CudaDevice d = context.device();
            devices = List.of(new DeviceInfo(d.ordinal(), d.name(),
                    Map.of("totalGlobalMem", Long.toString(d.memoryBytes()), "computeMajor",
                            Integer.toString(d.capability().major()), "computeMinor",
                            Integer.toString(d.capability().minor()), "numSms",
                            Integer.toString(d.multiprocessors()))));
        }
    }

    @Override
    public void begins(RunSession.Step step, Optional<String> layer) {
        listener.tell(terminal, new RunEvent.Step(layer, step.label()));
    }

    @Override
    public void report(RunReport report) throws IOException {
        Path file = RunFile.write(folder, report);
        listener.tell(terminal, new RunEvent.Kept(file.toString(), report.complete()));
    }

    @Override
    public void timeline(String file, CapturedRun run) throws IOException {
        Trace trace = CaptureTrace.of(run, devices, Version.number(), Map.of());
        trace.warnings().forEach(warning -> terminal.tell(file + ": " + warning.message()));
        TraceFile.CHROME.write(trace, folder.resolve(file), ImportMonitor.NONE);
    }

    @Override
    public void done(LayerResult result) {
        String decode = result.decodeTokensPerSecond()
                .map(rate -> String.format(Locale.ROOT, ", decode %,.1f tok/s", rate)).orElse("");
        terminal.err().printf(Locale.ROOT, "layer %s: TTFT %.3f ms, prefill %,.1f tok/s%s%n", result.layer(),
                result.ttftMs().p50(), result.prefillTokensPerSecond(), decode);
        listener.tell(terminal, new RunEvent.Measured(result.layer(), result.ttftMs().p50(),
                result.prefillTokensPerSecond(), result.decodeTokensPerSecond()));
    }

    @Override
    public void failed(LayerFailure failure) {
        terminal.tell("layer " + failure.layer() + " failed: " + failure.reason());
        listener.tell(terminal, new RunEvent.Failed(failure.layer(), failure.reason()));
    }

    @Override
    public void counted(ExpertLoads loads) {
        String decode = loads.decode().map(
                phase -> String.format(Locale.ROOT, "; decode, %d steps together, %s", phase.steps(), imbalance(phase)))
                .orElse("");
        terminal.err().printf(Locale.ROOT, "expert loads of layer %s, fullest over mean expert: prefill %s%s%n",
                loads.layer(), imbalance(loads.prefill()), decode);
    }

    private static String imbalance(ExpertLoads.Phase phase) {
        int worst = phase.worstLayer();
        return String.format(Locale.ROOT, "%.2f on average, at worst %.2f (the model's layer %d)",
                phase.meanImbalance(), phase.imbalances().get(worst), worst);
    }

    @Override
    public void note(String line) {
        terminal.tell(line);
    }
}
