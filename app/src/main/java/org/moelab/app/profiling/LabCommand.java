package org.moelab.app.profiling;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How to start this program once more, in a process of its own.
public final class LabCommand {
    /// Set by the start scripts of both installations, the one with and the one without the window.
    private static final String HOME = "moelab.home";
    private static final String MAIN = "org.moelab.app.Main";

    private LabCommand() {
    }

    /// The installation's start script; where this process was started without one, its Java with its class path.
    public static List<String> current() {
        return of(Optional.ofNullable(System.getProperty(HOME)).filter(home -> !home.isEmpty()).map(Path::of));
    }

    static List<String> of(Optional<Path> home) {
        Optional<Path> script = home.map(folder -> folder.resolve("bin/moelab")).filter(Files::isExecutable);
        if (script.isPresent()) {
            return List.of(script.get().toString());
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        return List.copyOf(command);
    }
}
