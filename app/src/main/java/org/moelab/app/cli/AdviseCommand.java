package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.app.run.RunAdvice;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.advice.Advice;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.FindingJson;
import org.moelab.traces.advice.FindingTable;
import org.moelab.traces.advice.FindingTable.Sourced;
import org.moelab.traces.export.TableFormat;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `moelab advise`: what rules find in recordings and runs.
@Command(name = "advise", description = "Say what costs time in recordings and run directories, with figures, and what the recording cannot tell.", footer = {
        "",
        "Each finding has the time that it is about, its share, and where the measured times give one a bound on what could",
        "be gained at most: no estimate, and bounds of several findings may count the same time. Techniques are those of",
        "moelab techniques. JSON holds all figures and the events. A run directory is judged by its highest layer, in decode",
        "and in prefill.", "",
        "Examples:",
        "  moelab advise capture.sqlite",
        "  moelab advise RUN --layer 4 --phase prefill --format json", "",
        RootCommand.EXIT_CODES })
final class AdviseCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Catalogue catalogue = Catalogue.load();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recordings, or run directories.")
    private List<Path> files = List.of();

    @Option(names = "--format", paramLabel = "F", description = "table, csv or json. Default: by the ending of -o, else table.")
    private Optional<TableFormat> format = Optional.empty();

    @Option(names = { "-o", "--output" }, paramLabel = "OUT", description = "A file. Default: standard output.")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--layer", paramLabel = "L", description = "The layer of a run directory. Default: its highest.")
    private Optional<String> layer = Optional.empty();

    @Option(names = "--phase", paramLabel = "P", description = "Of a run directory: decode or prefill. Default: both.")
    private Optional<RunPhase> phase = Optional.empty();

    AdviseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TraceReadException, IOException {
        List<Sourced> found = new ArrayList<>();
        try (Work work = Work.begin(terminal)) {
            for (Path file : files) {
                if (StoredRun.isRun(file)) {
                    addRun(found, StoredRun.read(file));
                } else {
                    add(found, String.valueOf(file.getFileName()), Advice.of(work.open(file)));
                }
                work.checkCancelled();
            }
        }
        TextOutput out = new TextOutput(terminal.out(), output);
        TableFormat as = out.format(format);
        if (as == TableFormat.JSON) {
            out.write(to -> to.write(FindingJson.of(found).toPrettyString() + "\n"));
        } else {
            out.write(to -> as.write(FindingTable.of(found, this::technique), to));
        }
        return CommandLineInterface.DONE;
    }

    private void addRun(List<Sourced> found, StoredRun run) {
        LayerResult result = layer.map(id -> run.layer(id).orElseThrow(() -> new ParameterException(spec.commandLine(),
                run.name() + " has no layer '" + id + "'"))).orElseGet(run::top);
        for (RunPhase of : phase.map(List::of).orElse(List.of(RunPhase.DECODE, RunPhase.PREFILL))) {
            add(found, run.name() + ", " + StoredRun.layerName(result.layer()) + " in " + of.label(),
                    RunAdvice.of(run, result, of));
        }
    }

    private String technique(String id) {
        return catalogue.find(id).map(t -> t.name() + " (layer " + t.layer() + ", " + t.status().label() + ")")
                .orElse(id);
    }

    private static void add(List<Sourced> found, String source, List<Finding> findings) {
        findings.forEach(f -> found.add(new Sourced(source, f)));
    }
}
