package org.moelab.app.cli;

import java.util.concurrent.CompletableFuture;

import org.moelab.app.launch.RunEvent;

import picocli.CommandLine.Option;

/// The option by which a program that starts a run hears how it goes.
final class ProgressOptions {
    /// How progress is told.
    enum Form {
        TEXT, JSON
    }

    @Option(names = "--progress", hidden = true, defaultValue = "text", paramLabel = "F", description = "text, or json: events on standard output, a line each, for a program that started this one; ends with that program.")
    private Form form = Form.TEXT;

    /// Whether a program listens.
    boolean json() {
        return form == Form.JSON;
    }

    /// Tells the program that listens, if one does.
    void tell(Terminal terminal, RunEvent event) {
        if (json()) {
            terminal.out().println(event.json());
            terminal.out().flush();
        }
    }

    /// Ends this process when the program that listens has ended: nobody would see the run, and it would hold the GPU.
    void endWithListener() {
        if (json()) {
            ProcessHandle.current().parent().ifPresent(parent -> {
                CompletableFuture<Void> _ = parent.onExit()
                        .thenRun(() -> System.exit(CommandLineInterface.FAILED));
            });
        }
    }
}
