package org.moelab.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

import org.moelab.gpu.bench.Verification;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `moelab verify`: each layer and each single technique on the GPU against the reference on the processor.
@Command(name = "verify", hidden = true, description = "Compare each layer and each single technique with the CPU reference.")
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--model", defaultValue = "tiny", paramLabel = "M", description = "A model that the processor runs too (default: ${DEFAULT-VALUE}).")
    private String model = "";

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--prompt", split = ",", defaultValue = "1,17,48,129", paramLabel = "P", description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private List<Integer> prompts = List.of();

    @Option(names = "--batch", split = ",", defaultValue = "1,3,8", paramLabel = "B", description = "Sequences side by side (default: ${DEFAULT-VALUE}).")
    private List<Integer> batches = List.of();

    @Option(names = "--max-error", defaultValue = "2e-2", paramLabel = "E", description = "The largest relative L2 error that passes (default: ${DEFAULT-VALUE}).")
    private double maxError;

    @Option(names = "--device", defaultValue = "cuda", paramLabel = "D", description = "auto, cuda or cpu (default: ${DEFAULT-VALUE}).")
    private EngineChoice.Device device = EngineChoice.Device.CUDA;

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        Catalogue catalogue = Catalogue.load();
        List<LayerOptions.Rung> rungs = new ArrayList<>(layers.rungs(catalogue, "all"));
        catalogue.techniques().stream().filter(t -> t.status() == Technique.Status.DONE)
                .forEach(t -> rungs.add(new LayerOptions.Rung("only " + t.id(), Set.of(t.id()))));
        int failures = 0;
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(device, source, rungs)) {
            CpuEngine reference = new CpuEngine(CpuWeights.of(source));
            terminal.out().printf("%-28s %5s %6s %10s %10s %10s%n", "techniques", "batch", "prompt", "prefill",
                    "decode", "choice");
            for (LayerOptions.Rung rung : choice.runnable(rungs, terminal)) {
                for (int batch : batches) {
                    for (int prompt : prompts) {
                        Verification v = Verification.of(choice.with(rung.techniques()), reference, batch, prompt);
                        failures += tell(rung.name(), v) ? 0 : 1;
                    }
                }
            }
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        if (failures > 0) {
            throw new CommandFailure(failures + " comparisons are above " + maxError);
        }
        return CommandLineInterface.DONE;
    }

    private boolean tell(String name, Verification v) {
        boolean passed = v.worst() <= maxError; // false for not-a-number
        terminal.out().printf(Locale.ROOT, "%-28s %5d %6d %10.2e %10.2e %10.2e%s%n", name, v.batch(), v.prompt(),
                v.prefill(), v.decode(), v.choice(), passed ? "" : "  above " + maxError);
        terminal.out().flush();
        return passed;
    }
}
