package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

import org.moelab.gpu.bench.EnergyMeter;
import org.moelab.gpu.bench.LayerRun;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.Verification;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.Nvml;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `moelab run`: runs layers, measures them and writes a run directory.
@Command(name = "run", description = "Run layers, measure them, and write a run directory.")
final class RunCommand implements Callable<Integer> {
    private static final int CHECK_BATCH = 3;
    private static final int CHECK_PROMPT = 17;
    private static final long CHECK_SEED = 20;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", required = true, paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private String model = "";

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--batch", defaultValue = "1", paramLabel = "B", description = "Sequences side by side (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--prompt", defaultValue = "512", paramLabel = "P", description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private int prompt;

    @Option(names = "--generate", defaultValue = "128", paramLabel = "G", description = "New tokens of each sequence (default: ${DEFAULT-VALUE}).")
    private int generate;

    @Option(names = "--repeats", defaultValue = "3", paramLabel = "N", description = "Runs that count, after one to warm up (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--device", defaultValue = "auto", paramLabel = "D", description = "auto, cuda or cpu (default: ${DEFAULT-VALUE}).")
    private EngineChoice.Device device = EngineChoice.Device.AUTO;

    @Option(names = { "-o",
            "--output" }, paramLabel = "DIR", description = "The run directory (default: run- and the time).")
    private Optional<Path> output = Optional.empty();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        List<LayerOptions.Rung> rungs = layers.rungs(Catalogue.load(), "all");
        Workload workload = workload();
        Path folder = output.orElseGet(() -> Path.of(
                "run-" + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                        .format(LocalDateTime.now(ZoneId.systemDefault()))));
        long start = System.nanoTime();
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(device, source, rungs)) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            List<LayerOptions.Rung> runnable = choice.runnable(rungs, terminal);
            List<Optional<Check>> checks = checks(choice, runnable);
            List<LayerResult> results = new ArrayList<>();
            try (Energy energy = Energy.open(choice)) {
                for (int i = 0; i < runnable.size(); i++) {
                    LayerOptions.Rung rung = runnable.get(i);
                    results.add(LayerRun.of(choice.with(rung.techniques()), rung.name(),
                            rung.techniques().stream().sorted().toList(), workload, energy.meter(), checks.get(i)));
                    tell(results.getLast());
                }
            }
            RunReport report = new RunReport(RunReport.VERSION, asked(rungs), RunFacts.machine(choice),
                    RunFacts.versions(choice), RunFacts.model(source), loadSeconds, results);
            terminal.out().println(RunFile.write(folder, report));
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        return CommandLineInterface.DONE;
    }

    private Workload workload() {
        try {
            return new Workload(batch, prompt, generate, 1, repeats);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private RunReport.Asked asked(List<LayerOptions.Rung> rungs) {
        return new RunReport.Asked(model, rungs.stream().map(LayerOptions.Rung::name).toList(), batch, prompt, generate,
                repeats, PlainText.words(device));
    }

    /// Each layer's techniques on a small model against the processor's engine; nothing where that is what runs.
    private static List<Optional<Check>> checks(EngineChoice choice, List<LayerOptions.Rung> rungs)
            throws CommandFailure {
        List<Optional<Check>> checks = new ArrayList<>();
        if (!(choice.ground() instanceof CudaContext context)) {
            rungs.forEach(_ -> checks.add(Optional.empty()));
            return checks;
        }
        RandomWeights small = new RandomWeights(MoeConfig.tiny(), "tiny", CHECK_SEED);
        CpuEngine reference = new CpuEngine(CpuWeights.of(small));
        try (CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), small, Set.of())) {
            for (LayerOptions.Rung rung : rungs) {
                Verification v = Verification.of(engine.with(rung.techniques()), reference, CHECK_BATCH, CHECK_PROMPT);
                checks.add(Optional.of(new Check(reference.device(), small.name(), v.batch(), v.prompt(), v.prefill(),
                        v.decode())));
            }
        } catch (CudaUnavailableException e) {
            throw new CommandFailure("the check on a small model: " + e.getMessage(), e);
        }
        return checks;
    }

    private void tell(LayerResult result) {
        String decode = result.decodeTokensPerSecond()
                .map(rate -> String.format(Locale.ROOT, ", decode %,.1f tok/s", rate)).orElse("");
        terminal.err().printf(Locale.ROOT, "layer %s: TTFT %.3f ms, prefill %,.1f tok/s%s%n", result.layer(),
                result.ttftMs().p50(), result.prefillTokensPerSecond(), decode);
    }

    /// The meter of the GPU that the model runs on, while it is open.
    private record Energy(EnergyMeter meter, Optional<Nvml> library) implements AutoCloseable {
        static Energy open(EngineChoice choice) {
            if (!(choice.ground() instanceof CudaContext context)) {
                return new Energy(EnergyMeter.none(), Optional.empty());
            }
            try {
                Nvml nvml = Nvml.open(LibraryFinder.of(Host.current()));
                return new Energy(EnergyMeter.of(nvml.gpu(context.device().pciBusId())), Optional.of(nvml));
            } catch (CudaUnavailableException | CudaException _) {
                return new Energy(EnergyMeter.none(), Optional.empty()); // energy is then absent from the report
            }
        }

        @Override
        public void close() {
            library.ifPresent(Nvml::close);
        }
    }
}
