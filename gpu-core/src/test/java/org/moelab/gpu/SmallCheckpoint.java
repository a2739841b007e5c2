package org.moelab.gpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The small checkpoint that comes with what an independent implementation computed of it: in the folder that
/// `MOELAB_MODELS` names, or in `shared/models` beside the repository. A test that asks is skipped where there is none.
public final class SmallCheckpoint {
    private SmallCheckpoint() {
    }

    /// Its folder.
    public static Path folder() {
        Path models = Optional.ofNullable(System.getenv("MOELAB_MODELS")).map(Path::of)
                .orElse(Path.of("../../shared/models"));
        Path tiny = models.resolve("tiny-moe-a");
        assumeTrue(Files.isDirectory(tiny), "no checkpoint at " + tiny.toAbsolutePath().normalize()
                + "; MOELAB_MODELS names the folder of checkpoints");
        return tiny;
    }
}
