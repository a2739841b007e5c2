package org.moelab.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// Where commands write: results to [#out], one line on failure and progress to [#err].
///
/// @param out results, UTF-8
/// @param err failures, warnings and progress, UTF-8
/// @param interactive whether a person watches `err`, so that a progress line makes sense
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
    /// Set by the start script where its standard error is a terminal: Java itself cannot tell.
    private static final String INTERACTIVE = "moelab.interactive";

    /// The process's own standard output and error.
    public static Terminal ofProcess() {
        return new Terminal(writer(new FileOutputStream(FileDescriptor.out), false),
                writer(new FileOutputStream(FileDescriptor.err), true), Boolean.getBoolean(INTERACTIVE));
    }

    /// Writes UTF-8 to these streams, watched by nobody.
    public static Terminal to(OutputStream out, OutputStream err) {
        return new Terminal(writer(out, false), writer(err, true), false);
    }

    /// Says something in one line of `err`.
    void tell(String line) {
        err.println("moelab: " + PlainText.oneLine(line));
        err.flush();
    }

    private static PrintWriter writer(OutputStream stream, boolean flushLines) {
        return new PrintWriter(new java.io.BufferedWriter(
                new java.io.OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16), flushLines);
    }
}
