package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.Recording;
import org.moelab.traces.stats.KernelClassifier;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportOptions.HtaVariant;
import org.moelab.traces.stats.Reports;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `moelab stats`: reports of a recording as tables.
@Command(name = "stats", description = "Compute reports of a recording.", footer = { "",
        "Examples:",
        "  moelab stats run.sqlite --report cuda_gpu_kern_sum",
        "  moelab stats trace.json.gz --report gpu_kernels,temporal_breakdown -o out/", "",
        RootCommand.EXIT_CODES })
final class StatsCommand implements Callable<Integer> {
    private enum Rounding {
        NONE(HtaVariant.UNROUNDED), HTA(HtaVariant.ROUNDED), EXACT(HtaVariant.EXACT);

        private final HtaVariant variant;

        Rounding(HtaVariant variant) {
            this.variant = variant;
        }
    }

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "The recording; several are ranks of one job.")
    private List<Path> files = List.of();

    @Option(names = "--report", paramLabel = "R", split = ",", description = "The reports, by the names that --list shows.")
    private List<String> names = List.of();

    @Option(names = "--format", paramLabel = "F", description = "table, csv or json. Default: by the ending of -o, csv into a folder, else table.")
    private Optional<TableFormat> format = Optional.empty();

    @Option(names = { "-o",
            "--output" }, paramLabel = "OUT", description = "A file, or a folder that gets a file for each report. Default: standard output.")
    private Optional<String> output = Optional.empty();

    @Option(names = "--rounding", paramLabel = "RULE", description = "How HolisticTraceAnalysis reports take times: none (default), as that tool does with its rounding off; hta, in whole microseconds as it does by default; exact, in the recording's own nanoseconds and without that tool's artefacts.")
    private Rounding rounding = Rounding.NONE;

    @Option(names = "--keep-last-step", description = "Count the last profiler step too, which HolisticTraceAnalysis drops.")
    private boolean keepLastStep;

    @Option(names = "--list", description = "List the reports and what they show.")
    private boolean list;

    StatsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TraceReadException, IOException {
        if (list) {
            listReports();
            return CommandLineInterface.DONE;
        }
        List<Report> reports = reports();
        Destination destination = destination(reports.size());
        try (Work work = Work.begin(terminal)) {
            Recording recording = work.open(files);
            work.tellWarnings(recording);
            List<Answer> answers = answers(reports, recording, work);
            destination.write(answers);
            return answers.size() == reports.size() ? CommandLineInterface.DONE : CommandLineInterface.FAILED;
        }
    }

    private void listReports() {
        List<Report> all = Reports.all();
        int width = all.stream().mapToInt(r -> r.name().length()).max().orElse(0);
        for (Report report : all) {
            terminal.out().println(report.name() + " ".repeat(width - report.name().length()) + "  " + report.title());
        }
    }

    private List<Report> reports() {
        if (files.isEmpty()) {
            throw usage("name a recording");
        }
        if (names.isEmpty()) {
            throw usage("name reports with --report; --list shows them");
        }
        List<Report> reports = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            reports.add(Reports.find(name).orElseThrow(
                    () -> usage("no report is called '" + name + "'; --list shows them")));
        }
        return reports;
    }

    private Destination destination(int reportCount) {
        Destination destination = Destination.of(terminal.out(), output, format, reportCount);
        if (destination instanceof Destination.Console(_, TableFormat f) && f == TableFormat.CSV && reportCount > 1) {
            throw usage("several reports as CSV need a folder: -o FOLDER");
        }
        return destination;
    }

    /// The tables that the recording can give; the others are named on the terminal.
    private List<Answer> answers(List<Report> reports, Recording recording, Work work) {
        ReportOptions options = new ReportOptions(rounding.variant, keepLastStep, KernelClassifier.HTA);
        List<Answer> answers = new ArrayList<>();
        for (Report report : reports) {
            work.checkCancelled();
            Optional<String> missing = report.missing(recording);
            if (missing.isPresent()) {
                terminal.tell(files.getFirst() + ": " + report.name() + ": " + missing.get());
            } else {
                report.notes(recording)
                        .forEach(note -> terminal.tell(files.getFirst() + ": " + report.name() + ": " + note));
                answers.add(new Answer(report, report.run(recording, options)));
            }
        }
        return answers;
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
