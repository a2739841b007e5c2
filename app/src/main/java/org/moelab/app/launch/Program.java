package org.moelab.app.launch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// How this program is started once more as a process of its own: a run that fails on the GPU then takes no window with it,
/// and can be ended at any time.
///
/// @param command what stands before the arguments
public record Program(List<String> command) {
    /// Set by the start script: the folder of the installation.
    private static final String HOME = "moelab.home";
    private static final String MAIN = "org.moelab.app.Main";
    private static final int PATIENCE_S = 60;

    public Program {
        command = List.copyOf(command);
    }

    /// The installation that runs, else the same Java with the same class path.
    public static Program current() {
        Optional<Path> script = Optional.ofNullable(System.getProperty(HOME))
                .map(home -> Path.of(home, "bin", "moelab"))
                .filter(Files::isExecutable);
        return script.map(file -> new Program(List.of(file.toString()))).orElseGet(Program::sameJava);
    }

    private static Program sameJava() {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED"));
        String modules = System.getProperty("jdk.module.path", "");
        // where JavaFX lies on the module path, its jars are on no class path; a run needs none of it
        command.addAll(List.of("-cp", modules.isEmpty()
                ? System.getProperty("java.class.path")
                : System.getProperty("java.class.path") + File.pathSeparator + modules, MAIN));
        return new Program(command);
    }

    /// A process with these arguments, not started yet.
    ProcessBuilder with(List<String> arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(arguments);
        return new ProcessBuilder(all);
    }

    /// Asks the machine what GPU it has. Waits for the answer.
    Machine ask() {
        try {
            Process process = with(List.of("doctor", "--json")).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try {
                String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return process.waitFor(PATIENCE_S, TimeUnit.SECONDS) && process.exitValue() == 0
                        ? Machine.parse(answer)
                        : Machine.unknown("moelab doctor did not end well");
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            return Machine.unknown(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Machine.unknown("interrupted");
        }
    }
}
