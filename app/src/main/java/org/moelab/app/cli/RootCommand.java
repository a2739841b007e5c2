package org.moelab.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `moelab` without a verb, and the options that every verb has.
@Command(name = "moelab", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true, versionProvider = Version.class, synopsisSubcommandLabel = "VERB", commandListHeading = "%nVerbs:%n", description = "A lab for people who make mixture-of-experts inference fast.", footer = {
        "", "Exit code: 0 done, 1 failed, 2 wrong usage." })
final class RootCommand {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "On failure, show where it happened.")
    private boolean verbose;

    /// Whether failures show where they happened.
    boolean verbose() {
        return verbose;
    }
}
