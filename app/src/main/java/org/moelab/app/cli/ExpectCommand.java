package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.app.expectation.ExpectationFile;
import org.moelab.app.expectation.Expectations;
import org.moelab.app.expectation.Learning.NamedRun;
import org.moelab.app.run.StoredRun;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `moelab expect`: expectations from runs.
@Command(name = "expect", description = "Make expectations for moelab check from run directories: medians, and how they vary across runs and repeats.", footer = {
        "",
        "Three to five runs of one build tell the noise; with one run the noise across runs is an assumption, and marked as",
        "such. Older runs count where their techniques and implementations are those of the newest.", "", "Examples:",
        "  moelab expect RUN1 RUN2 RUN3 -o expectations.json",
        "  moelab check RUN4 --against expectations.json", "",
        RootCommand.EXIT_CODES })
final class ExpectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Run directories.")
    private List<Path> folders = List.of();

    @Option(names = { "-o", "--output" }, paramLabel = "OUT", description = "A file. Default: standard output.")
    private Optional<Path> output = Optional.empty();

    ExpectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CommandFailure {
        List<NamedRun> runs = new ArrayList<>();
        for (Path folder : folders) {
            StoredRun run = StoredRun.read(folder);
            if (runs.stream().anyMatch(other -> other.report().equals(run.report()))) {
                throw new CommandFailure(folder + ": this run was named already, and does not vary against itself");
            }
            runs.add(new NamedRun(run.name(), run.report()));
        }
        Expectations expectations = Expectations.from(runs);
        if (expectations.leastNoise().assumed()) {
            terminal.tell("least noise across runs: " + expectations.leastNoise().about()
                    + "; more runs of the same build measure what is assumed");
        }
        new TextOutput(terminal.out(), output).write(to -> to.write(ExpectationFile.text(expectations)));
        return CommandLineInterface.DONE;
    }
}
