package org.moelab.traces;

import java.nio.file.Path;

/// A file could not be read as a recording. The message names the file, the place in it, and what was expected there.
public final class TraceReadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    /// @param file the file, as the user named it
    /// @param problem the place and what was expected there, in one line: `byte 4096: expected a value, found the end of the file`
    public TraceReadException(Path file, String problem) {
        super(file + ": " + oneLine(problem));
        this.file = file;
    }

    /// @param cause what the reader below reported
    public TraceReadException(Path file, String problem, Throwable cause) {
        super(file + ": " + oneLine(problem), cause);
        this.file = file;
    }

    /// The file, as the user named it.
    public Path file() {
        return file;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    }
}
