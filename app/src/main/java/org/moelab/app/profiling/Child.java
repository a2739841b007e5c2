package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A program that was started and has ended.
///
/// @param exitCode what it ended with
/// @param timedOut whether it was ended because it took too long
/// @param output the lines that it wrote, standard output and error together, the last of them where there were many
record Child(int exitCode, boolean timedOut, List<String> output) {
    private static final int KEPT_BYTES = 1 << 16;
    private static final int POLL_MS = 100;
    private static final int GRACE_SECONDS = 5;

    Child {
        output = List.copyOf(output);
    }

    /// Runs a program to its end, without a shell and without input.
    ///
    /// @param limit after which it is ended
    /// @param stopped whether to end it now
    /// @throws IOException where it cannot be started
    /// @throws CancellationException where it was stopped; it no longer runs then
    static Child run(List<String> command, Duration limit, BooleanSupplier stopped) throws IOException {
        Path log = Files.createTempFile("moelab-", ".log");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                    .start();
            boolean timedOut;
            try {
                process.getOutputStream().close();
                timedOut = !await(process, System.nanoTime() + limit.toNanos(), stopped);
            } finally {
                end(process);
            }
            return new Child(process.waitFor(), timedOut, tail(log));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static boolean await(Process process, long deadline, BooleanSupplier stopped)
            throws InterruptedException {
        while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
            if (stopped.getAsBoolean()) {
                throw new CancellationException("cancelled");
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
        }
        return true;
    }

    /// Ends a program and those that it started, politely at first: a profiler takes its lock files back.
    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> all = process.descendants().toList();
        if (process.isAlive()) {
            process.destroy();
            all.forEach(ProcessHandle::destroy);
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    private static List<String> tail(Path log) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int from = Math.max(0, all.length - KEPT_BYTES);
        return new String(all, from, all.length - from, Charset.defaultCharset()).lines().map(String::strip)
                .filter(line -> !line.isEmpty()).toList();
    }

    /// The line that tells best why it failed: the last that says so, else the last.
    String complaint() {
        return output.stream().filter(line -> line.contains("ERR") || line.toLowerCase(Locale.ROOT)
                .contains("error")).reduce((_, last) -> last)
                .orElse(output.isEmpty() ? "it said nothing" : output.getLast());
    }
}
