package org.moelab.app.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A run of all layers on an H200, kept for tests with the timelines of two of them, so that figures and pictures stay as they
/// are when the runs of the documentation are measured anew.
public final class KeptRun {
    /// Its directory.
    public static final Path FOLDER = Path.of("src/test/resources/org/moelab/app/run/h200-gpt-oss-20b");

    /// Another run on an H200, kept with the timeline of its highest layer: its report tells the experts' loads.
    public static final Path WITH_LOADS = Path.of("src/test/resources/org/moelab/app/run/h200-gpt-oss-20b-loads");

    private KeptRun() {
    }

    /// The run, read.
    public static StoredRun read() {
        return read(FOLDER);
    }

    /// The run that tells the experts' loads, read.
    public static StoredRun readWithLoads() {
        return read(WITH_LOADS);
    }

    private static StoredRun read(Path folder) {
        try {
            return StoredRun.read(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
