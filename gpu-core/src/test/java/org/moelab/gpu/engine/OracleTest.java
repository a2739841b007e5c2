package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.SmallCheckpoint;
import org.moelab.gpu.model.Checkpoint;
import org.moelab.gpu.model.CheckpointException;
import org.moelab.gpu.model.CheckpointWeights;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The reference engine against what an independent float64 implementation computed of the small checkpoint, where that is
/// found.
class OracleTest {
    @Test
    void logitsAndTokens_ofTheSmallCheckpoint_areTheOracles() throws CheckpointException, IOException {
        Path tiny = SmallCheckpoint.folder();
        Oracle oracle = Oracle.read(tiny.resolve("oracle.safetensors"));
        int[] prompt = oracle.integers("input_ids");
        int[] text = oracle.integers("greedy_ids");
        int[] greedy = Arrays.copyOfRange(text, prompt.length, text.length);
        try (CheckpointWeights weights = new CheckpointWeights(Checkpoint.open(tiny))) {
            CpuEngine engine = new CpuEngine(CpuWeights.of(weights));
            List<Integer> ids = IntStream.of(prompt).boxed().toList();

            Generation generation = Generation.greedy(engine, ids, greedy.length, true);

            double[][] expected = oracle.rows("logits", engine.config().vocabulary());
            float[][] logits = generation.logits().subList(0, prompt.length).toArray(float[][]::new);
            assertThat(expected).hasNumberOfRows(prompt.length);
            assertThat(LogitError.relative(logits, expected)).isLessThan(1e-5);
            int untied = 0;
            float[] gaps = oracle.numbers("greedy_top2_gap");
            while (untied < greedy.length && gaps[untied] >= 1e-3) {
                untied++;
            }
            assertThat(untied).isPositive();
            assertThat(generation.generated().stream().mapToInt(Integer::intValue).limit(untied).toArray())
                    .isEqualTo(Arrays.copyOf(greedy, untied));
        }
    }

    /// A safetensors file of 32-bit numbers.
    private record Oracle(JsonNode header, ByteBuffer data) {
        static Oracle read(Path file) throws IOException {
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(all.getLong())];
            all.get(header);
            return new Oracle(JsonMapper.shared().readTree(new String(header, StandardCharsets.UTF_8)),
                    all.slice().order(ByteOrder.LITTLE_ENDIAN));
        }

        private ByteBuffer bytes(String name) {
            JsonNode offsets = header.path(name).path("data_offsets");
            int begin = offsets.get(0).asInt();
            return data.slice(begin, offsets.get(1).asInt() - begin).order(ByteOrder.LITTLE_ENDIAN);
        }

        int[] integers(String name) {
            int[] out = new int[bytes(name).remaining() / Integer.BYTES];
            bytes(name).asIntBuffer().get(out);
            return out;
        }

        float[] numbers(String name) {
            float[] out = new float[bytes(name).remaining() / Float.BYTES];
            bytes(name).asFloatBuffer().get(out);
            return out;
        }

        double[][] rows(String name, int width) {
            float[] all = numbers(name);
            double[][] rows = new double[all.length / width][width];
            for (int i = 0; i < all.length; i++) {
                rows[i / width][i % width] = all[i];
            }
            return rows;
        }
    }
}
