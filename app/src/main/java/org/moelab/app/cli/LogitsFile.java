package org.moelab.app.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.moelab.gpu.engine.Generation;
import org.moelab.gpu.engine.StepRouting;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.traces.export.WholeFile;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A generation's logits for other programs: a file of little-endian float32, row by row, beside it `NAME.experts`, the
/// experts that saw each row's token as little-endian int32 (rows, layers, chosen), and `NAME.json`, which says what the
/// rows are.
final class LogitsFile {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

    private static final String EXPERTS = ".experts";

    private LogitsFile() {
    }

    /// What the JSON file tells: the first rows belong to the prompt's positions, the others to the generated tokens but the
    /// last, each the distribution of the token that follows.
    ///
    /// @param dtype of the numbers
    /// @param rows how many positions
    /// @param columns the vocabulary
    /// @param modelLayers layers of the model
    /// @param chosen experts of a token
    /// @param layer the layer that ran, `none` on an engine without layers
    record Description(String dtype, int rows, int columns, int modelLayers, int chosen, List<Integer> promptIds,
            List<Integer> generatedIds,
            String model, String device, String layer) {}

    /// Writes the files, each whole or not at all; where one cannot be written, those before it are taken away.
    ///
    /// @param routing the experts of each step
    /// @param layer the layer that ran, `none` on an engine without layers
    /// @throws IOException where they cannot be written
    static void write(Path file, Generation generation, List<StepRouting> routing, MoeConfig config, String model,
            String device,
            String layer) throws IOException {
        boolean whole = false;
        try {
            logits(file, generation, config);
            experts(beside(file, EXPERTS), routing);
            Description description = new Description("float32", generation.logits().size(), config.vocabulary(),
                    config.layers(), config.chosen(), generation.prompt(), generation.generated(), model, device,
                    layer);
            WholeFile.writeText(beside(file, ".json"), out -> out.write(JSON.writeValueAsString(description) + "\n"));
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(beside(file, EXPERTS));
                if (Files.isRegularFile(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void logits(Path file, Generation generation, MoeConfig config) throws IOException {
        WholeFile.writeBytes(file, out -> {
            byte[] row = new byte[config.vocabulary() * Float.BYTES];
            for (float[] logits : generation.logits()) {
                ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(logits);
                out.write(row);
            }
        });
    }

    private static void experts(Path file, List<StepRouting> routing) throws IOException {
        WholeFile.writeBytes(file, out -> {
            for (StepRouting step : routing) {
                for (int t = 0; t < step.tokens(); t++) {
                    for (int[][] tokens : step.experts()) {
                        ByteBuffer row = ByteBuffer.allocate(tokens[t].length * Integer.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN);
                        row.asIntBuffer().put(tokens[t]);
                        out.write(row.array());
                    }
                }
            }
        });
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }
}
