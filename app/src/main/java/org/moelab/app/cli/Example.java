package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What comes with the installation: a run of the whole ladder on an H200, and two layers of gpt-oss there, seen by two
/// profilers.
final class Example {
    /// Set by the start script: the folder of the installation.
    private static final String HOME = "moelab.home";

    private Example() {
    }

    /// The recordings, by name.
    ///
    /// @throws CommandFailure where the program does not run from an installation
    static List<Path> recordings() throws CommandFailure, IOException {
        return within("example");
    }

    /// The run directories.
    ///
    /// @throws CommandFailure where the program does not run from an installation
    static List<Path> runs() throws CommandFailure, IOException {
        return within("run");
    }

    private static List<Path> within(String name) throws CommandFailure, IOException {
        Optional<Path> folder = Optional.ofNullable(System.getProperty(HOME)).map(home -> Path.of(home, name));
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
            throw new CommandFailure("the example comes with the installation that the build makes; name a FILE");
        }
        try (Stream<Path> files = Files.list(folder.get())) {
            return files.sorted().toList();
        }
    }
}
