package org.moelab.app.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// The run of all layers on an H200 that the repository keeps.
public final class KeptRun {
    /// Its directory.
    public static final Path FOLDER = Path.of("../docs/runs/h200-gpt-oss-20b");

    private KeptRun() {
    }

    /// The run, read.
    public static StoredRun read() {
        try {
            return StoredRun.read(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
