package org.moelab.app.cli;

/// A command cannot do what it was asked. The message is the one line that the user reads.
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    CommandFailure(String line) {
        super(line);
    }

    CommandFailure(String line, Throwable cause) {
        super(line, cause);
    }
}
