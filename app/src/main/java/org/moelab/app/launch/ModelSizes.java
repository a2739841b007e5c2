package org.moelab.app.launch;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

import org.moelab.gpu.engine.ModelMemory;
import org.moelab.gpu.model.Checkpoint;
import org.moelab.gpu.model.CheckpointException;
import org.moelab.gpu.model.MoeConfig;

/// The sizes of a model that was named.
///
/// @param memory its sizes; empty where they are not known
/// @param problem why not, where that is wrong
record ModelSizes(Optional<ModelMemory> memory, Optional<String> problem) {
    /// Nothing known yet.
    static final ModelSizes READING = new ModelSizes(Optional.empty(), Optional.empty());

    /// Finds them. Reads files where a folder is named.
    static ModelSizes of(String model) {
        return switch (model) {
            case "tiny" -> known(model, MoeConfig.tiny());
            case "gpt-oss-20b" -> known(model, MoeConfig.gptOss20b());
            case "gpt-oss-120b" -> known(model, MoeConfig.gptOss120b());
            case "" -> wrong("name a model or a checkpoint's folder");
            default -> checkpoint(model);
        };
    }

    private static ModelSizes checkpoint(String model) {
        try {
            Path folder = Path.of(model);
            if (!Files.exists(folder)) {
                return wrong(model + ": no such folder, and no model is called that");
            }
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                return known(String.valueOf(folder.getFileName()), checkpoint.config());
            }
        } catch (InvalidPathException | CheckpointException e) {
            return wrong(String.valueOf(e.getMessage()));
        }
    }

    private static ModelSizes known(String name, MoeConfig config) {
        return new ModelSizes(Optional.of(new ModelMemory(name, config)), Optional.empty());
    }

    private static ModelSizes wrong(String problem) {
        return new ModelSizes(Optional.empty(), Optional.of(problem));
    }
}
