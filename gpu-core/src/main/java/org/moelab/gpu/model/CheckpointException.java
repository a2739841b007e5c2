package org.moelab.gpu.model;

import java.nio.file.Path;

/// A checkpoint cannot be used. The message names the file, the place in it, and what was expected there, in one line.
public final class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param file the file or folder
    /// @param problem the place and what was expected there
    public CheckpointException(Path file, String problem) {
        super(file + ": " + oneLine(problem));
    }

    /// @param cause what the reader below reported
    public CheckpointException(Path file, String problem, Throwable cause) {
        super(file + ": " + oneLine(problem), cause);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    }
}
