package org.moelab.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;

import org.moelab.gpu.model.Checkpoint;
import org.moelab.gpu.model.CheckpointException;
import org.moelab.gpu.model.CheckpointWeights;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.WeightSource;

/// The model that `--model` names: `tiny`, `gpt-oss-20b` or `gpt-oss-120b` with random weights, or a checkpoint's folder.
final class ModelChoice {
    /// The seed of random weights where none is named.
    static final long SEED = 20;

    private ModelChoice() {
    }

    /// Opens the weights, random ones of the usual seed.
    ///
    /// @throws CommandFailure where there is no such checkpoint, or it is damaged
    static WeightSource open(String model) throws CommandFailure {
        return open(model, SEED);
    }

    /// Opens the weights.
    ///
    /// @param seed of random weights
    /// @throws CommandFailure where there is no such checkpoint, or it is damaged
    static WeightSource open(String model, long seed) throws CommandFailure {
        return switch (model) {
            case "tiny" -> new RandomWeights(MoeConfig.tiny(), model, seed);
            case "gpt-oss-20b" -> new RandomWeights(MoeConfig.gptOss20b(), model, seed);
            case "gpt-oss-120b" -> new RandomWeights(MoeConfig.gptOss120b(), model, seed);
            default -> checkpoint(Path.of(model));
        };
    }

    private static WeightSource checkpoint(Path folder) throws CommandFailure {
        if (!Files.exists(folder)) {
            throw new CommandFailure(folder
                    + ": no such folder (models: tiny, gpt-oss-20b, gpt-oss-120b or a checkpoint's folder)");
        }
        try {
            Checkpoint checkpoint = Checkpoint.open(folder);
            boolean finite = false;
            try {
                checkpoint.requireFinite();
                finite = true;
                return new CheckpointWeights(checkpoint);
            } finally {
                if (!finite) {
                    checkpoint.close();
                }
            }
        } catch (CheckpointException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
