package org.moelab.app.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `moelab` without a verb, and the options that every verb has.
@Command(name = "moelab", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true, versionProvider = Version.class, synopsisSubcommandLabel = "[VERB | FILE...]", commandListHeading = "%nVerbs:%n", description = "A lab for people who make mixture-of-experts inference fast.", footer = {
        "", RootCommand.EXIT_CODES })
final class RootCommand implements Callable<Integer> {
    static final String EXIT_CODES = "Exit code: 0 done, 1 failed, 2 wrong usage.";

    private final Terminal terminal;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "On failure, show where it happened.")
    private boolean verbose;

    RootCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CommandFailure {
        return new GuiCommand(terminal).call();
    }

    /// Whether failures show where they happened.
    boolean verbose() {
        return verbose;
    }
}
