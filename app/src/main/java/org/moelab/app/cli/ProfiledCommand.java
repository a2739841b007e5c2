package org.moelab.app.cli;

import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.gpu.bench.ProfiledSteps;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.model.FirstLayers;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `moelab profiled`: what a profiler starts. It runs a layer, tells the profiler when to record, and writes nothing.
@Command(name = ProfiledCommand.NAME, hidden = true, description = "Run a layer for a profiler that was told to wait until it is asked to record.")
final class ProfiledCommand implements Callable<Integer> {
    static final String NAME = "profiled";
    /// Layers of a model that between them run all of its kernels: one whose attention slides, one whose does not.
    static final int FEW_LAYERS = 2;

    @Option(names = "--model", required = true, paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private String model = "";

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--batch", defaultValue = "1", paramLabel = "B", description = "Sequences side by side (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--prompt", defaultValue = "512", paramLabel = "P", description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private int prompt;

    @Option(names = "--generate", defaultValue = "2", paramLabel = "G", description = "New tokens of each sequence (default: ${DEFAULT-VALUE}).")
    private int generate;

    @Option(names = "--first-layers", paramLabel = "N", description = "Keep only the first N layers of the model.")
    private Optional<Integer> firstLayers = Optional.empty();

    @Option(names = "--with-warm-up", description = "Record the run that warms up, too, and the prompt before the decode steps.")
    private boolean withWarmUp;

    @Override
    public Integer call() throws CommandFailure {
        LayerOptions.Rung rung = layers.rung(Catalogue.load());
        try (WeightSource whole = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(EngineChoice.Device.CUDA, cut(whole), rung.techniques())) {
            ProfiledSteps.run((CudaEngine) choice.engine(), new Workload(batch, prompt, generate, 0, 1),
                    withWarmUp ? ProfiledSteps.Order.WITH_WARM_UP : ProfiledSteps.Order.DECODE_FIRST);
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        return CommandLineInterface.DONE;
    }

    private WeightSource cut(WeightSource whole) {
        return firstLayers.isPresent() ? new FirstLayers(whole, firstLayers.get()) : whole;
    }
}
