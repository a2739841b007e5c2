package org.moelab.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.gpu.bench.ReferenceRuns;
import org.moelab.gpu.bench.Verification;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `moelab verify`: each layer and each single technique on the GPU against the reference on the processor.
@Command(name = "verify", hidden = true, description = "Compare each layer and each single technique with the CPU reference.")
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--model", defaultValue = "tiny", paramLabel = "M", description = "tiny, or the folder of a checkpoint that the processor runs too (default: ${DEFAULT-VALUE}).")
    private String model = "";

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--prompt", split = ",", defaultValue = "1,17,48,129", paramLabel = "P", description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private List<Integer> prompts = List.of();

    @Option(names = "--batch", split = ",", defaultValue = "1,3,8", paramLabel = "B", description = "Sequences side by side (default: ${DEFAULT-VALUE}).")
    private List<Integer> batches = List.of();

    @Option(names = "--max-error", paramLabel = "E", description = "The largest relative L2 error that passes; the largest gap of a choice of experts or of a token that passes for a near tie is 2.5 times that (default: 2e-2, with FP8 6e-2).")
    private Optional<Double> maxError = Optional.empty();

    @Option(names = "--device", defaultValue = "cuda", paramLabel = "D", description = "auto, cuda or cpu (default: ${DEFAULT-VALUE}).")
    private EngineChoice.Device device = EngineChoice.Device.CUDA;

    @Option(names = "--summary", description = "One line for each set of techniques: the worst of all batches and prompts.")
    private boolean summary;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        if (maxError.filter(bound -> !(bound >= 0 && Double.isFinite(bound))).isPresent()) {
            throw new ParameterException(spec.commandLine(),
                    "--max-error must be a number from 0 on, not " + maxError.get());
        }
        List<LayerOptions.Rung> rungs = rungs(Catalogue.load());
        int failures = 0;
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(device, source, rungs)) {
            ReferenceRuns references = new ReferenceRuns(new CpuEngine(CpuWeights.of(source)));
            terminal.out().printf("%-36s %5s %6s %9s %9s %9s %9s %14s %9s%n", "techniques", "batch", "prompt",
                    "prefill",
                    "decode", "choice", "unheld", "rerouted", "gap");
            for (LayerOptions.Rung rung : choice.runnable(rungs, terminal)) {
                failures += compare(rung, choice.with(rung.techniques()), references);
            }
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        if (failures > 0) {
            throw new CommandFailure(failures + " comparisons do not pass");
        }
        return CommandLineInterface.DONE;
    }

    /// The layers asked for, and each technique both ways: with nothing but what it requires, and taken from the top or
    /// added to it, where it is on request.
    private List<LayerOptions.Rung> rungs(Catalogue catalogue) throws CommandFailure {
        List<LayerOptions.Rung> rungs = new ArrayList<>(layers.rungs(catalogue, "all"));
        String top = catalogue.top().id();
        for (Technique technique : catalogue.techniques()) {
            String id = technique.id();
            if (technique.isSwitch()) {
                rungs.add(new LayerOptions.Rung("only " + id, catalogue.alone(id)));
                rungs.add(technique.status() == Technique.Status.DONE
                        ? new LayerOptions.Rung(top + " without " + id, catalogue.topWithout(id))
                        : new LayerOptions.Rung(top + " with " + id, catalogue.topWith(id)));
            }
        }
        return rungs;
    }

    /// @return how many comparisons do not pass
    private int compare(LayerOptions.Rung rung, Engine engine, ReferenceRuns references) {
        double bound = maxError.orElse(Verification.bound(rung.techniques()));
        List<Verification> all = new ArrayList<>();
        for (int batch : batches) {
            for (int prompt : prompts) {
                all.add(Verification.of(engine, references, batch, prompt));
                if (!summary) {
                    tell(rung.name(), all.getLast(), bound);
                }
            }
        }
        if (summary) {
            tell(rung.name(), all.stream().reduce(Verification::worseOf).orElseThrow(), bound);
        }
        return (int) all.stream().filter(v -> v.problem(bound).isPresent()).count();
    }

    private void tell(String name, Verification v, double bound) {
        terminal.out().printf(Locale.ROOT, "%-36s %5s %6s %9.2e %9.2e %9.2e %9.2e %14s %9.2e%s%n", name,
                summary ? "all" : v.batch(), summary ? "all" : v.prompt(), v.prefill(), v.decode(), v.choice(),
                v.unheld(), v.rerouting().rerouted() + "/" + v.rerouting().tokenLayers(), v.rerouting().largestGap(),
                v.problem(bound).map(problem -> "  " + problem).orElse(""));
        terminal.out().flush();
    }
}
