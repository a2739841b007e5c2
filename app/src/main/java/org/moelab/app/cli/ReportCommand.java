package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.app.report.RunReports;
import org.moelab.app.report.format.ReportFormat;
import org.moelab.app.run.StoredRun;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `moelab report`: a run, or what differs between two, as one document.
@Command(name = "report", description = "Write a run directory as one document to hand on, or what differs between two.", footer = {
        "",
        "The ending says the format: .html (one file, charts and both themes in it), .md (charts beside it in F_files) or",
        ".pdf. Every figure has its unit and its source; what the run lacks is said to be not measured. Of two directories",
        "the report compares the second with the first, layer by layer and operation by operation, against the spread of",
        "their repeats. With --llm-analysis a summary of one run's findings, shown in full first, is sent to a language",
        "model; its text is kept as llm-analysis.md in the run directory and has a section that says who wrote it.", "",
        "Examples:",
        "  moelab report RUN -o report.html",
        "  moelab report BEFORE AFTER -o change.pdf", "",
        RootCommand.EXIT_CODES })
final class ReportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", arity = "1..2", description = "A run directory, or two.")
    private List<Path> runs = List.of();

    @Option(names = { "-o",
            "--output" }, required = true, paramLabel = "F", description = "The file: .html, .md or .pdf.")
    private Path output = Path.of("");

    @Option(names = "--format", paramLabel = "F", description = "html, md or pdf, as the ending of -o says.")
    private Optional<String> format = Optional.empty();

    @Mixin
    private LanguageOptions language = new LanguageOptions();

    ReportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CommandFailure {
        language.check(spec);
        if (runs.size() > 2) {
            throw usage("one run directory or two, not " + runs.size());
        }
        if (runs.size() > 1 && language.asked()) {
            throw usage("--llm-analysis needs one run directory, not two");
        }
        requireFormat();
        language.requireEndpoint();
        StoredRun run = StoredRun.read(runs.getFirst());
        try (Work work = Work.begin(terminal)) {
            new LanguageAdvice(language, terminal, work::cancelled).thenWrite(run, () -> write(run, work));
        }
        return CommandLineInterface.DONE;
    }

    private void write(StoredRun run, Work work) throws IOException {
        try (ProgressLine progress = work.progress("Report")) {
            if (runs.size() == 1) {
                RunReports.write(run, output, progress);
            } else {
                RunReports.compare(run, StoredRun.read(runs.get(1)), output, progress);
            }
        }
        terminal.out().println(output);
    }

    private void requireFormat() {
        ReportFormat byEnding = ReportFormat.ofFile(output).orElseThrow(() -> usage(
                output + ": no format of reports; end the name in one of " + ReportFormat.endings()));
        format.filter(f -> !f.toLowerCase(Locale.ROOT).equals(byEnding.extension())).ifPresent(f -> {
            throw usage("--format " + f + " does not fit the ending of " + output);
        });
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
