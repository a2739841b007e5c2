package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

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

/// Keeps what a run gives in a folder that no other run writes into meanwhile, and tells a person of it. Until it is closed,
/// Ctrl-C asks the run to end with what it has.
final class RunDirectory implements RunSession.Progress, AutoCloseable {
    /// How a file is called until it is whole, see [org.moelab.traces.export.WholeFile].
    private static final Pattern PART = Pattern.compile("\\..+\\.[0-9a-f]+\\.part");

    private final RunLock lock;
    private final Terminal terminal;
    private final ProgressOptions listener;
    private final Interruption interruption;
    private List<DeviceInfo> devices = List.of();

    private RunDirectory(RunLock lock, Terminal terminal, ProgressOptions listener) {
        this.lock = lock;
        this.interruption = Interruption.listen(lock::abandon);
        this.terminal = terminal;
        this.listener = listener;
    }

    /// Takes a folder.
    ///
    /// @param wanted the folder; where none is named, a new one is made that is called after the time
    /// @param prefix of the new one's name
    /// @param listener a program that hears how the run goes, if one does
    /// @throws CommandFailure where another run has it
    static RunDirectory open(Optional<Path> wanted, String prefix, Terminal terminal, ProgressOptions listener)
            throws IOException, CommandFailure {
        RunLock lock = wanted.isPresent()
                ? RunLock.take(wanted.get())
                : RunLock.takeNew(Path.of(prefix + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                        .format(LocalDateTime.now(ZoneId.systemDefault()))));
        deleteLeftovers(lock.folder());
        return new RunDirectory(lock, terminal, listener);
    }

    /// Takes away what a run that was killed had half written: nobody else writes into the folder now.
    private static void deleteLeftovers(Path folder) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder,
                path -> PART.matcher(path.getFileName().toString()).matches() && Files.isRegularFile(path))) {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        }
    }

    Path folder() {
        return lock.folder();
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

    /// Puts aside what an earlier run left here, which this one does not go on with.
    void clear() throws IOException {
        EarlierFiles.putRunAside(folder()).ifPresent(aside -> terminal
                .tell(folder() + " held files of an earlier run; they are in " + aside + " now"));
    }

    /// Says which layers are to come.
    void begin(List<String> layers) {
        listener.tell(terminal, new RunEvent.Begun(layers));
    }

    @Override
    public void begins(RunSession.Step step, Optional<String> layer) {
        listener.tell(terminal, new RunEvent.Step(layer, step.label()));
    }

    /// Keeps a report that is not the last one: more of the run is to come, whatever the session thinks that measured it.
    @Override
    public void report(RunReport report) throws IOException {
        Path file = RunFile.write(folder(), report.as(false, RunFacts.now()));
        listener.tell(terminal, new RunEvent.Kept(file.toString(), false));
    }

    /// Keeps the last report of a run that came to its end.
    ///
    /// @return the report as it was kept
    RunReport finish(RunReport report) throws IOException {
        RunReport whole = report.as(true, RunFacts.now());
        Path file = RunFile.write(folder(), whole);
        listener.tell(terminal, new RunEvent.Kept(file.toString(), true));
        return whole;
    }

    @Override
    public void timeline(String file, CapturedRun run) throws IOException {
        Trace trace = CaptureTrace.of(run, devices, Version.number(), Map.of());
        trace.warnings().forEach(warning -> terminal.tell(file + ": " + warning.message()));
        Path path = folder().resolve(file);
        TraceFile.CHROME.write(trace, path, ImportMonitor.NONE);
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

    @Override
    public boolean stopped() {
        return interruption.asked();
    }

    @Override
    public void close() throws IOException {
        lock.close();
        interruption.close(); // until then the process waits
    }
}
