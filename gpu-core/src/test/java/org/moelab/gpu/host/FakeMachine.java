package org.moelab.gpu.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/// A file tree and an environment made for a test.
public final class FakeMachine {
    private final Path root;
    private final Map<String, String> variables = new HashMap<>();

    /// @param root an empty folder that becomes `/`
    public FakeMachine(Path root) {
        this.root = root;
    }

    public FakeMachine variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /// Adds a file, with its folders.
    public FakeMachine file(String absolute, String content) throws IOException {
        Path file = root.resolve(absolute.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    /// Adds a shell script that may be executed.
    public FakeMachine program(String absolute, String script) throws IOException {
        file(absolute, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(root.resolve(absolute.substring(1)),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    public Host host() {
        return new Host(variables, root);
    }
}
