package org.moelab.app.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A run in a process of its own. What it tells comes on the JavaFX thread, in order, its end last.
final class RunProcess {
    private static final int GRACE_S = 10;

    private final Process process;
    private final Executor fxThread;
    private final Listener listener;

    /// Hears of the run, on the JavaFX thread.
    interface Listener {
        /// Something happened.
        void event(RunEvent event);

        /// The run said something to people.
        void line(String text);

        /// The process has ended; nothing more comes.
        void ended(int exitCode);
    }

    private RunProcess(Process process, Executor fxThread, Listener listener) {
        this.process = process;
        this.fxThread = fxThread;
        this.listener = listener;
    }

    /// Starts a run.
    ///
    /// @param arguments of the command line, the verb first
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @throws IOException where no process can be started
    static RunProcess start(Program program, List<String> arguments, Executor fxThread, Listener listener)
            throws IOException {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--progress", "json"));
        Process process = program.with(all).start();
        RunProcess run = new RunProcess(process, fxThread, listener);
        Thread.ofVirtual().name("run").start(run::follow);
        return run;
    }

    private void follow() {
        try {
            process.getOutputStream().close(); // nothing is told to it
        } catch (IOException _) {
            // it has ended already, which its exit tells
        }
        Thread lines = Thread.ofVirtual().name("run, lines").start(() -> read(process.getErrorStream(),
                line -> fxThread.execute(() -> listener.line(line))));
        read(process.getInputStream(), this::hear);
        try {
            int exitCode = process.waitFor();
            lines.join();
            fxThread.execute(() -> listener.ended(exitCode));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear(String line) {
        RunEvent.parse(line).ifPresentOrElse(event -> fxThread.execute(() -> listener.event(event)),
                () -> fxThread.execute(() -> listener.line(line)));
    }

    private static void read(InputStream stream, Consumer<String> line) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line.accept(text);
            }
        } catch (IOException _) {
            // the process has ended, which its exit tells
        }
    }

    /// Ends the run as Ctrl-C does: what it has measured stays where it is. Where it does not end by itself, it is ended.
    void cancel() {
        process.destroy();
        Thread.ofVirtual().name("run, end").start(() -> {
            try {
                if (!process.waitFor(GRACE_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
