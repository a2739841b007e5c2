package org.moelab.app;

import org.moelab.app.cli.CommandLineInterface;
import org.moelab.app.cli.Terminal;

/// Starts MoE Lab. Not a JavaFX `Application`, so that the commands without a window never load JavaFX.
public final class Main {
    private Main() {
    }

    /// Runs the command line and ends the process with its exit code: 0 done, 1 failed, 2 wrong usage.
    public static void main(String[] arguments) {
        // pictures are drawn by AWT, windows never: without this it would connect to the display a second time
        System.setProperty("java.awt.headless", "true");
        int exitCode = CommandLineInterface.run(Terminal.ofProcess(), arguments);
        System.exit(exitCode);
    }
}
