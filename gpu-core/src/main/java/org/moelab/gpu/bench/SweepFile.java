package org.moelab.gpu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// `sweeps.json` on disk, beside the `run.json` of the same model and machine.
public final class SweepFile {
    /// Its name within a run directory.
    public static final String NAME = "sweeps.json";

    private SweepFile() {
    }

    /// Writes a report into a run directory, which is made where it is missing; the file appears whole or not at all.
    ///
    /// @return the file
    /// @throws IOException where the disk is full or the folder cannot be written
    public static Path write(Path folder, SweepReport report) throws IOException {
        return RunFile.write(folder, NAME, report);
    }

    /// Reads a run directory's sweeps; empty where it has none.
    ///
    /// @throws IOException where the file is damaged, or a newer build wrote it; the message names the file
    public static Optional<SweepReport> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        return Files.exists(file)
                ? Optional.of(RunFile.read(file, SweepReport.class, SweepReport.VERSION))
                : Optional.empty();
    }
}
