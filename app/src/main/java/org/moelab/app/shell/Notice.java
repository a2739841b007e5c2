package org.moelab.app.shell;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.moelab.app.task.TaskFailedException;

/// Something that the person should know and that does not stop the work.
///
/// @param severity how bad it is
/// @param message one clear line
/// @param details the rest, several lines; empty where there is none
public record Notice(Severity severity, String message, String details) {
    /// How bad it is.
    public enum Severity {
        DONE, WARNING, ERROR
    }

    /// Work that succeeded.
    public static Notice done(String message) {
        return new Notice(Severity.DONE, message, "");
    }

    /// Work that failed: its own line where it was foreseen, otherwise one that says so.
    public static Notice failure(Throwable failure) {
        return switch (failure) {
            case TaskFailedException foreseen ->
                new Notice(Severity.ERROR, String.valueOf(foreseen.getMessage()), causes(foreseen));
            case OutOfMemoryError _ -> new Notice(Severity.ERROR,
                    "there is not enough memory for this; start with more, such as -Xmx8g", "");
            default -> new Notice(Severity.ERROR, "something unforeseen went wrong: " + failure, trace(failure));
        };
    }

    private static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String line = String.valueOf(cause.getMessage());
            if (!line.equals(failure.getMessage())) {
                text.append(text.isEmpty() ? "" : "\n").append(cause.getClass().getSimpleName()).append(": ")
                        .append(line);
            }
        }
        return text.toString();
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
