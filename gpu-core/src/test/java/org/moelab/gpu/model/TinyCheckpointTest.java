package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;

/// The small checkpoint that transformers wrote, where it is found: in the folder that `MOELAB_MODELS` names, or in
/// `shared/models` beside the repository.
class TinyCheckpointTest {
    @Test
    void open_tinyMoe_hasItsSizesAndFiniteWeights() throws CheckpointException {
        try (Checkpoint checkpoint = Checkpoint.open(tiny())) {
            assertThat(checkpoint.config()).usingRecursiveComparison().ignoringFields("endTokens")
                    .isEqualTo(MoeConfig.tiny());
            assertThat(checkpoint.layout()).isEqualTo(CheckpointLayout.HUGGING_FACE);
            MoeWeights weights = checkpoint.weights();
            assertThat(weights.layers()).hasSize(4);
            for (float value : weights.embedding().toFloats()) {
                assertThat(value).isFinite();
            }
            for (MoeWeights.Layer layer : weights.layers()) {
                assertThat(rootMeanSquare(layer.gateUp().unpack(7))).isBetween(1e-4, 1.0);
                assertThat(rootMeanSquare(layer.down().unpack(0))).isBetween(1e-4, 1.0);
            }
        }
    }

    private static double rootMeanSquare(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / values.length);
    }

    private static Path tiny() {
        Path models = Optional.ofNullable(System.getenv("MOELAB_MODELS")).map(Path::of)
                .orElse(Path.of("../../shared/models"));
        Path tiny = models.resolve("tiny-moe-a");
        assumeTrue(Files.isDirectory(tiny), "no checkpoint at " + tiny.toAbsolutePath().normalize()
                + "; MOELAB_MODELS names the folder of checkpoints");
        return tiny;
    }
}
