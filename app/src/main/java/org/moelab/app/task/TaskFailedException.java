package org.moelab.app.task;

/// Work in the background did not succeed. The message is one line for people; the cause holds the rest.
public final class TaskFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what went wrong, naming file and place
    /// @param cause what the code below reported
    public TaskFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
