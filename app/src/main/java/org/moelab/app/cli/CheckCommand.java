package org.moelab.app.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.moelab.app.expectation.Check;
import org.moelab.app.expectation.CheckJson;
import org.moelab.app.expectation.CheckTable;
import org.moelab.app.expectation.Comparison;
import org.moelab.app.expectation.Comparison.Verdict;
import org.moelab.app.expectation.ExpectationFile;
import org.moelab.app.expectation.Expectations;
import org.moelab.app.expectation.Learning.NamedRun;
import org.moelab.app.expectation.TargetStanding;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.Unit;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `moelab check`: a run held against expectations.
@Command(name = "check", description = "Hold a run against what earlier runs measured: fails where something is slower beyond noise, and says what.", footer = {
        "",
        "CSV and JSON hold every comparison; the table those that moved. Published targets of others are shown apart, and",
        "decide nothing. A regression counts as failed; where nothing can be compared, the exit code is 2.", "",
        "Examples:",
        "  moelab check RUN",
        "  moelab check RUN --against expectations.json --format json -o check.json", "",
        RootCommand.EXIT_CODES })
final class CheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", description = "A run directory.")
    private Path folder = Path.of("");

    @Option(names = "--against", paramLabel = "FILE", description = "A file of moelab expect, or another run directory. Default: what comes with this build.")
    private Optional<Path> against = Optional.empty();

    @Option(names = "--format", paramLabel = "F", description = "table, csv or json. Default: by the ending of -o, else table.")
    private Optional<TableFormat> format = Optional.empty();

    @Option(names = { "-o", "--output" }, paramLabel = "OUT", description = "A file. Default: standard output.")
    private Optional<Path> output = Optional.empty();

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        StoredRun run = read(folder);
        Expectations expectations = expectations();
        String reference = against.map(Path::toString).orElse("the expectations of this build");
        Optional<String> obstacle = Check.obstacle(run.report(), expectations);
        if (obstacle.isPresent()) {
            terminal.tell(folder + ", " + reference + ": " + obstacle.get());
            return CommandLineInterface.WRONG_USAGE;
        }
        Check check = Check.of(run.report(), expectations);
        List<TargetStanding> targets = TargetStanding.of(run.report());
        TextOutput out = new TextOutput(terminal.out(), output);
        switch (out.format(format)) {
            case JSON -> out.write(
                    to -> to.write(CheckJson.of(check, run.name(), reference, targets).toPrettyString() + "\n"));
            case CSV -> out.write(to -> TableFormat.CSV.write(CheckTable.of(check.comparisons()), to));
            case TABLE -> out.write(to -> writeText(run, check, reference, targets, to));
        }
        if (check.regressed()) {
            terminal.tell(folder + ": " + regression(check));
            return CommandLineInterface.FAILED;
        }
        return CommandLineInterface.DONE;
    }

    /// A run whose layers all failed is still one that is expected to have results.
    private static StoredRun read(Path folder) throws IOException {
        Path of = StoredRun.folderOf(folder);
        return new StoredRun(of, RunFile.read(of));
    }

    private Expectations expectations() throws IOException {
        if (against.isEmpty()) {
            return Expectations.bundled();
        }
        Path path = against.get();
        if (StoredRun.isRun(path)) {
            StoredRun other = StoredRun.read(path);
            return Expectations.from(List.of(new NamedRun(other.name(), other.report())));
        }
        return ExpectationFile.read(path);
    }

    private static String regression(Check check) {
        List<String> all = Stream.concat(
                check.failures().stream().map(f -> StoredRun.layerName(f.layer()) + " failed"),
                check.of(Verdict.REGRESSED).stream().map(c -> StoredRun.layerName(c.layer()) + " in "
                        + c.phase().label() + ", " + c.subject()))
                .toList();
        int most = 5;
        return Unit.counted(all.size(), "regression") + ": " + String.join("; ", all.subList(0, Math.min(most,
                all.size()))) + (all.size() > most ? "; …" : "");
    }

    private static void writeText(StoredRun run, Check check, String reference, List<TargetStanding> targets,
            Writer to) throws IOException {
        List<Comparison> slower = check.of(Verdict.REGRESSED);
        List<Comparison> faster = check.of(Verdict.IMPROVED);
        List<Comparison> small = check.of(Verdict.TOO_SMALL);
        to.write(run.name() + " against " + reference + ": "
                + Unit.counted(slower.size() + check.failures().size(), "regression") + ", "
                + Unit.counted(faster.size(), "improvement") + ", " + small.size()
                + " moved too little to fail, " + check.of(Verdict.WITHIN_NOISE).size()
                + " within noise\n" + check.workload().about() + "\n\n");
        List<Comparison> moved = Stream.of(slower, faster, small).flatMap(List::stream).toList();
        for (LayerFailure failure : check.failures()) {
            to.write(StoredRun.layerName(failure.layer()) + " failed: " + failure.reason() + "\n");
        }
        for (Comparison comparison : moved) {
            to.write(comparison.about() + "\n");
        }
        if (!moved.isEmpty()) {
            to.write("\n");
            TableFormat.TABLE.write(CheckTable.of(moved), to);
            to.write("\n");
        }
        for (String note : check.notes()) {
            to.write("Not compared: " + note + "\n");
        }
        if (!check.notes().isEmpty() || moved.isEmpty() && !check.failures().isEmpty()) {
            to.write("\n");
        }
        to.write(check.method() + "\n");
        if (!targets.isEmpty()) {
            to.write("\nTargets of others, published and not measured here:\n\n");
            TableFormat.TABLE.write(CheckTable.targets(run.report(), targets), to);
        }
    }
}
