package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TraceFile;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `moelab convert`: a timeline as a file that other tools open.
@Command(name = "convert", description = "Convert a timeline into a Chrome trace (.json, .json.gz), which Perfetto and HolisticTraceAnalysis open, or into CSV.")
final class ConvertCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The recording.")
    private Path file = Path.of("");

    @Option(names = { "-o",
            "--output" }, paramLabel = "OUT", required = true, description = "The file to write; its ending tells the format.")
    private Path output = Path.of("");

    ConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TraceReadException, IOException, CommandFailure {
        TraceFile format = TraceFile.of(output).orElseThrow(() -> new ParameterException(spec.commandLine(),
                "'" + output + "' ends in none of " + TraceFile.endings()));
        try (Work work = Work.begin(terminal)) {
            Recording recording = work.open(file);
            work.tellWarnings(recording);
            if (!(recording instanceof Trace trace)) {
                throw new CommandFailure(
                        file + ": holds profiled kernels and no timeline; 'moelab stats' writes its tables");
            }
            try (ProgressLine progress = work.progress(output.toString())) {
                format.write(trace, output, progress);
            }
        }
        return CommandLineInterface.DONE;
    }
}
