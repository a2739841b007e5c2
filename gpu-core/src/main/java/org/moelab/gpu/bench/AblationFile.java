package org.moelab.gpu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// `ablation.json` on disk, beside the `run.json` of the same model and machine or alone.
public final class AblationFile {
    /// Its name within a run directory.
    public static final String NAME = "ablation.json";

    private AblationFile() {
    }

    /// Writes a report into a run directory, which is made where it is missing; the file appears whole or not at all.
    ///
    /// @return the file
    /// @throws IOException where the disk is full or the folder cannot be written
    public static Path write(Path folder, AblationReport report) throws IOException {
        return RunFile.write(folder, NAME, report);
    }

    /// Reads a run directory's ablations; empty where it has none.
    ///
    /// @throws IOException where the file is damaged, or a newer build wrote it; the message names the file
    public static Optional<AblationReport> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        return Files.exists(file)
                ? Optional.of(RunFile.read(file, AblationReport.class, AblationReport.VERSION))
                : Optional.empty();
    }
}
