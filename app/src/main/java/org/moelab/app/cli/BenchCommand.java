package org.moelab.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.moelab.gpu.bench.BenchCsv;
import org.moelab.gpu.bench.BenchJson;
import org.moelab.gpu.bench.BenchRenderer;
import org.moelab.gpu.bench.BenchRow;
import org.moelab.gpu.bench.BenchTable;
import org.moelab.gpu.bench.TokenTimer;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.cuda.CudaException;
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

    @Option(names = "--device", defaultValue = "auto", paramLabel = "D", description = "auto, cuda or cpu (default: ${DEFAULT-VALUE}).")
    private EngineChoice.Device device = EngineChoice.Device.AUTO;

    @Option(names = "--format", defaultValue = "table", paramLabel = "F", description = "table, csv or json (default: ${DEFAULT-VALUE}).")
    private TableFormat format = TableFormat.TABLE;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        List<LayerOptions.Rung> rungs = layers.rungs(Catalogue.load(), "all");
        List<Workload> workloads = workloads();
        List<BenchRow> rows = new ArrayList<>();
        int expected;
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(device, source, rungs)) {
            expected = measure(source, choice, choice.runnable(rungs, terminal), workloads, rows);
        }
        BenchRenderer renderer = switch (format) {
            case TABLE -> new BenchTable();
            case CSV -> new BenchCsv();
            case JSON -> new BenchJson();
        };
        terminal.out().print(renderer.render(rows));
        return rows.size() == expected ? CommandLineInterface.DONE : CommandLineInterface.FAILED;
    }

    /// Adds a row for each layer and workload; one that does not fit is named on the terminal, and the others still run.
    ///
    /// @return how many were asked for
    private int measure(WeightSource source, EngineChoice choice, List<LayerOptions.Rung> rungs,
            List<Workload> workloads, List<BenchRow> rows) {
        int total = rungs.size() * workloads.size();
        int begun = 0;
        try (ProgressLine progress = new ProgressLine(terminal, "bench", () -> false)) {
            for (LayerOptions.Rung rung : rungs) {
                for (Workload workload : workloads) {
                    String what = "layer " + rung.name() + ", batch " + workload.batch() + ", prefill "
                            + workload.prompt();
                    progress.update((double) begun++ / total, what);
                    try {
                        rows.add(new BenchRow(source.name(), choice.engine().device(), rung.name(),
                                TokenTimer.measure(choice.with(rung.techniques()), workload)));
                    } catch (CommandFailure | IllegalArgumentException | CudaException e) {
                        terminal.err()
                                .println("moelab: " + what + ": " + PlainText.oneLine(String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        return total;
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
