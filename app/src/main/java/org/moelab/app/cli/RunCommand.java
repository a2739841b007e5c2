package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.app.launch.RunEvent;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.capture.Capture;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.host.Host;
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

    @Mixin
    private ProfileOptions profile = new ProfileOptions();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

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
        String started = RunFacts.now();
        RunDirectory directory = new RunDirectory(output.orElseGet(RunCommand::folderOfNow), terminal, progress);
        progress.endWithListener();
        LibraryFinder finder = LibraryFinder.of(Host.current());
        RunReport report;
        // before the driver is started, which loading an engine does
        Optional<Cupti> cupti = profile.open(finder, device, terminal);
        long start = System.nanoTime();
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(device, source, rungs);
                GpuWatch watch = GpuWatch.open(choice, finder)) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            Optional<Cupti> used = choice.engine() instanceof CudaEngine ? cupti : Optional.empty();
            profile.requireTimelines(used);
            List<RunSession.Rung> runnable = choice.runnable(rungs, terminal).stream()
                    .map(rung -> new RunSession.Rung(rung.name(), rung.techniques())).toList();
            RunReport begun = RunReport.begun(started, asked(rungs, used.isPresent()),
                    RunFacts.machine(choice, watch.found()), RunFacts.versions(choice, used), RunFacts.model(source),
                    loadSeconds);
            directory.describe(choice);
            progress.tell(terminal, new RunEvent.Begun(runnable.stream().map(RunSession.Rung::name).toList()));
            report = new RunSession(new RunSession.Setting(choice.engine(), finder, runnable, workload, watch.meter(),
                    used.map(Capture::new), profile.steps()), directory).run(begun);
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        if (!progress.json()) {
            terminal.out().println(directory.folder().resolve(RunFile.NAME));
        }
        return report.failures().isEmpty() ? CommandLineInterface.DONE : CommandLineInterface.FAILED;
    }

    private static Path folderOfNow() {
        return Path.of("run-" + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                .format(LocalDateTime.now(ZoneId.systemDefault())));
    }

    private Workload workload() {
        try {
            return new Workload(batch, prompt, generate, 1, repeats);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private RunReport.Asked asked(List<LayerOptions.Rung> rungs, boolean timelines) {
        return new RunReport.Asked(model, rungs.stream().map(LayerOptions.Rung::name).toList(), batch, prompt, generate,
                repeats, PlainText.words(device),
                Optional.of(timelines ? ProfileOptions.MINIMAL : ProfileOptions.NONE));
    }
}
