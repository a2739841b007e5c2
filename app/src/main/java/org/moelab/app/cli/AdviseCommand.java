package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.app.language.AnalysisFile;
import org.moelab.app.language.Answer;
import org.moelab.app.language.Question;
import org.moelab.app.language.Summary;
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
import picocli.CommandLine.Mixin;
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
        "and in prefill. With --llm-analysis a summary of the findings, shown in full first, is sent to a language model;",
        "its text is marked as such, and decides nothing.", "",
        "Examples:",
        "  moelab advise capture.sqlite",
        "  moelab advise RUN --layer 4 --phase prefill --format json",
        "  moelab advise RUN --llm-analysis --llm-endpoint http://localhost:8000 --llm-model NAME --llm-keep", "",
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

    @Mixin
    private LanguageOptions language = new LanguageOptions();

    AdviseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TraceReadException, IOException, CommandFailure {
        checkLanguage();
        List<Sourced> found = new ArrayList<>();
        List<StoredRun> runs = new ArrayList<>();
        try (Work work = Work.begin(terminal)) {
            for (Path file : files) {
                if (StoredRun.isRun(file)) {
                    StoredRun run = StoredRun.read(file);
                    runs.add(run);
                    addRun(found, run);
                } else {
                    add(found, String.valueOf(file.getFileName()), Advice.of(work.open(file)));
                }
                work.checkCancelled();
            }
            // what rules found is there whatever becomes of the language model
            write(found);
            if (language.asked()) {
                askLanguageModel(runs, found, work);
            }
        }
        return CommandLineInterface.DONE;
    }

    private void write(List<Sourced> found) throws IOException {
        TextOutput out = new TextOutput(terminal.out(), output);
        TableFormat as = out.format(format);
        if (as == TableFormat.JSON) {
            out.write(to -> to.write(FindingJson.of(found).toPrettyString() + "\n"));
        } else {
            out.write(to -> as.write(FindingTable.of(found, this::technique), to));
        }
    }

    private void checkLanguage() {
        language.check(spec);
        boolean scripts = output.isEmpty() && format.filter(f -> f != TableFormat.TABLE).isPresent();
        if (language.asked() && scripts) {
            throw new ParameterException(spec.commandLine(),
                    "--llm-analysis writes text, and standard output is for a script: name a file by -o");
        }
        if (language.keep() && (files.size() != 1 || !StoredRun.isRun(files.getFirst()))) {
            throw new ParameterException(spec.commandLine(), "--llm-keep needs one run directory");
        }
    }

    private void askLanguageModel(List<StoredRun> runs, List<Sourced> found, Work work)
            throws IOException, CommandFailure {
        Question question = Summary.of(runs, found, this::technique);
        terminal.out().flush();
        Optional<Answer> answer = language.ask(question, terminal, work::cancelled);
        if (answer.isPresent()) {
            terminal.out().println("\n" + answer.get().mark() + ":\n");
            answer.get().text().lines().map(PlainText::printable).forEach(terminal.out()::println);
            if (language.keep()) {
                terminal.tell("kept " + AnalysisFile.write(runs.getFirst().folder(), question, answer.get()));
            }
        }
    }

    private void addRun(List<Sourced> found, StoredRun run) {
        LayerResult result = layer.map(id -> run.layer(id).orElseThrow(() -> new ParameterException(spec.commandLine(),
                run.name() + " has no layer '" + id + "'"))).orElseGet(run::top);
        found.addAll(RunFindings.of(run, result, phase.map(List::of).orElse(RunFindings.PHASES)));
    }

    private String technique(String id) {
        return RunFindings.technique(catalogue, id);
    }

    private static void add(List<Sourced> found, String source, List<Finding> findings) {
        findings.forEach(f -> found.add(new Sourced(source, f)));
    }
}
