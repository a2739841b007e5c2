package org.moelab.app.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.app.peers.Beside;
import org.moelab.app.peers.OwnResult;
import org.moelab.app.peers.PeerFiles;
import org.moelab.app.peers.PeerJson;
import org.moelab.app.peers.PeerResult;
import org.moelab.app.peers.PeerSetup.Stated;
import org.moelab.app.peers.PeerTable;
import org.moelab.app.run.StoredRun;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.stats.ReportTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `moelab peers`: what other engines' benchmarks measured.
@Command(name = "peers", description = "Show what benchmarks of other engines measured, in one table, and beside a run where both are alike.", footer = {
        "",
        "Reads llama-bench and llama-batched-bench (JSON, JSON lines, CSV, Markdown), vLLM's bench serve, throughput and",
        "latency, SGLang's bench_serving and bench_one_batch, GenAI-Perf and AIPerf (JSON, CSV). A ratio is stated only where",
        "model, GPU, batch, lengths and precision match; what a file does not tell can be stated by options.",
        "Files in RUN/peers are read, too. docs/peers.md tells what each figure means.", "", "Examples:",
        "  moelab peers llama-bench.jsonl vllm.json --format csv",
        "  moelab peers vllm.json --beside RUN --gpu \"NVIDIA H200\" --precision MXFP4", "",
        RootCommand.EXIT_CODES })
final class PeersCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Results of benchmarks.")
    private List<Path> files = List.of();

    @Option(names = "--beside", paramLabel = "RUN", description = "A run directory to show them beside.")
    private Optional<Path> beside = Optional.empty();

    @Option(names = "--layer", paramLabel = "L", description = "The layer of the run. Default: its highest.")
    private Optional<String> layer = Optional.empty();

    @Option(names = "--model", paramLabel = "M", description = "The model of files that do not tell it.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--gpu", paramLabel = "NAME", description = "The GPU of files that do not tell it.")
    private Optional<String> gpu = Optional.empty();

    @Option(names = "--precision", paramLabel = "P", description = "The precision of the weights of files that do not tell it, as MXFP4 or BF16.")
    private Optional<String> precision = Optional.empty();

    @Option(names = "--format", paramLabel = "F", description = "table, csv or json. Default: by the ending of -o, else table. CSV is of the figures beside each other where there is a run.")
    private Optional<TableFormat> format = Optional.empty();

    @Option(names = { "-o", "--output" }, paramLabel = "OUT", description = "A file. Default: standard output.")
    private Optional<Path> output = Optional.empty();

    PeersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CommandFailure {
        Optional<StoredRun> run = beside.isPresent() ? Optional.of(StoredRun.read(beside.get())) : Optional.empty();
        if (files.isEmpty() && run.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "a file is missing, or --beside with a run");
        }
        List<PeerResult> results = read(run);
        Optional<OwnResult> own = run.map(this::own);
        List<Beside> rows = own.map(o -> results.stream().flatMap(r -> Beside.of(r, o).stream()).toList())
                .orElse(List.of());
        TextOutput out = new TextOutput(terminal.out(), output);
        switch (out.format(format)) {
            case JSON -> out.write(to -> to.write(PeerJson.of(results, own, rows).toPrettyString() + "\n"));
            case CSV -> out.write(to -> TableFormat.CSV
                    .write(own.isPresent() ? PeerTable.beside(rows) : PeerTable.of(results), to));
            case TABLE -> out.write(to -> {
                table(PeerTable.of(results), to);
                if (own.isPresent()) {
                    to.write("\nBeside " + own.get().name() + ": " + run.orElseThrow().about() + "\n\n");
                    table(PeerTable.beside(rows), to);
                }
            });
        }
        return CommandLineInterface.DONE;
    }

    private static void table(ReportTable table, Writer to) throws IOException {
        TableFormat.TABLE.write(PeerTable.withoutEmpty(table), to);
    }

    private List<PeerResult> read(Optional<StoredRun> run) throws IOException, CommandFailure {
        Stated stated = new Stated(model, gpu, precision);
        List<PeerResult> results = new ArrayList<>();
        for (Path file : files) {
            add(results, PeerFiles.read(file));
        }
        if (run.isPresent()) {
            add(results, PeerFiles.ofRun(run.get().folder()));
            if (results.isEmpty()) {
                throw new CommandFailure(run.get().folder() + ": has no folder " + PeerFiles.FOLDER
                        + " with results, and no file was named");
            }
        }
        return results.stream().map(r -> r.completed(stated)).toList();
    }

    private void add(List<PeerResult> results, PeerFiles.Contents contents) {
        results.addAll(contents.results());
        contents.warnings().forEach(terminal::tell);
    }

    private OwnResult own(StoredRun run) {
        return OwnResult.of(run, layer.map(id -> run.layer(id).orElseThrow(() -> new ParameterException(
                spec.commandLine(), run.name() + " has no layer '" + id + "'"))).orElseGet(run::top));
    }
}
