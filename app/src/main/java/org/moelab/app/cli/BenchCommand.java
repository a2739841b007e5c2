package org.moelab.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

import org.moelab.gpu.bench.BenchCsv;
import org.moelab.gpu.bench.BenchJson;
import org.moelab.gpu.bench.BenchRenderer;
import org.moelab.gpu.bench.BenchRow;
import org.moelab.gpu.bench.BenchTable;
import org.moelab.gpu.bench.BesideFormat;
import org.moelab.gpu.bench.BesideRow;
import org.moelab.gpu.bench.BesideTimer;
import org.moelab.gpu.bench.TokenTimer;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.export.TableFormat;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `moelab bench`: a matrix of prefill and decode speeds.
@Command(name = "bench", description = "Measure prefill and decode in tokens per second, for each layer, batch and prompt length.")
final class BenchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", required = true, paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private String model = "";

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--prefill", split = ",", defaultValue = "512,2048", paramLabel = "P", description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private List<Integer> prefill = List.of();

    @Option(names = "--decode", defaultValue = "128", paramLabel = "G", description = "New tokens of each sequence (default: ${DEFAULT-VALUE}).")
    private int decode;

    @Option(names = "--batch", split = ",", defaultValue = "1,8,32,128", paramLabel = "B", description = "Sequences side by side (default: ${DEFAULT-VALUE}).")
    private List<Integer> batches = List.of();

    @Option(names = "--repeats", defaultValue = "3", paramLabel = "N", description = "Runs that count, after one to warm up (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--beside", description = "Measure how decode and prefill of two sessions fare beside each other: each alone, then both at once, then with the stream of decode first. Needs a GPU.")
    private boolean beside;

    @Option(names = "--device", defaultValue = "auto", paramLabel = "D", description = "auto, cuda or cpu (default: ${DEFAULT-VALUE}).")
    private EngineChoice.Device device = EngineChoice.Device.AUTO;

    @Option(names = "--format", defaultValue = "table", paramLabel = "F", description = "table, csv or json (default: ${DEFAULT-VALUE}).")
    private TableFormat format = TableFormat.TABLE;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /// What is measured of a layer and a workload.
    @FunctionalInterface
    private interface Figures<T> {
        List<T> of(Engine engine, String model, String layer, Workload workload) throws CommandFailure;
    }

    @Override
    public Integer call() throws CommandFailure {
        return beside
                ? measure(BenchCommand::beside, rows -> switch (format) {
                    case TABLE -> BesideFormat.TABLE.render(rows);
                    case CSV -> BesideFormat.CSV.render(rows);
                    case JSON -> BesideFormat.JSON.render(rows);
                })
                : measure((engine, name, layer, workload) -> List.of(
                        new BenchRow(name, engine.device(), layer, TokenTimer.measure(engine, workload))),
                        renderer()::render);
    }

    private BenchRenderer renderer() {
        return switch (format) {
            case TABLE -> new BenchTable();
            case CSV -> new BenchCsv();
            case JSON -> new BenchJson();
        };
    }

    private static List<BesideRow> beside(Engine engine, String name, String layer, Workload workload)
            throws CommandFailure {
        if (engine instanceof CudaEngine cuda) {
            return BesideTimer.measure(cuda, name, layer, workload);
        }
        throw new CommandFailure("--beside needs a GPU, and " + engine.device() + " is none");
    }

    private <T> int measure(Figures<T> figures, Function<List<T>, String> renderer) throws CommandFailure {
        List<LayerOptions.Rung> rungs = layers.rungs(Catalogue.load(), "all");
        List<Workload> workloads = workloads();
        List<T> rows = new ArrayList<>();
        boolean complete;
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(device, source, rungs)) {
            complete = measure(source, choice, choice.runnable(rungs, terminal), workloads, figures, rows);
        }
        terminal.out().print(renderer.apply(rows));
        return complete ? CommandLineInterface.DONE : CommandLineInterface.FAILED;
    }

    /// Adds rows for each layer and workload; one that does not fit is named on the terminal, and the others still run.
    ///
    /// @return whether all could be measured
    private <T> boolean measure(WeightSource source, EngineChoice choice, List<LayerOptions.Rung> rungs,
            List<Workload> workloads, Figures<T> figures, List<T> rows) {
        int total = rungs.size() * workloads.size();
        int begun = 0;
        boolean complete = true;
        try (ProgressLine progress = new ProgressLine(terminal, "bench", () -> false)) {
            for (LayerOptions.Rung rung : rungs) {
                for (Workload workload : workloads) {
                    String what = "layer " + rung.name() + ", batch " + workload.batch() + ", prefill "
                            + workload.prompt();
                    progress.update((double) begun++ / total, what);
                    try {
                        rows.addAll(figures.of(choice.with(rung.techniques()), source.name(), rung.name(), workload));
                    } catch (CommandFailure | IllegalArgumentException | CudaException e) {
                        complete = false;
                        terminal.err()
                                .println("moelab: " + what + ": " + PlainText.oneLine(String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        return complete;
    }

    private List<Workload> workloads() {
        try {
            List<Workload> workloads = new ArrayList<>();
            for (int batch : batches) {
                for (int prompt : prefill) {
                    workloads.add(new Workload(batch, prompt, decode, 1, repeats));
                }
            }
            return workloads;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
