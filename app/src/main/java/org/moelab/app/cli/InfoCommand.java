package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Recording;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `moelab info`: what a recording holds.
@Command(name = "info", description = "Tell what a recording holds: tool, devices, counts by kind, time range, warnings.")
final class InfoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The recording.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Write JSON, with times in ns and sizes in bytes.")
    private boolean json;

    InfoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TraceReadException, IOException {
        try (Work work = Work.begin(terminal)) {
            Recording recording = work.open(file);
            if (json) {
                RecordingJson.write(recording, terminal.out());
            } else {
                RecordingText.write(recording, terminal.out());
            }
        }
        return CommandLineInterface.DONE;
    }
}
