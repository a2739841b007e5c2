package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.traces.model.ImportMonitor;

class CheckpointTest {
    private static final long ONE_FILE = Long.MAX_VALUE;
    private static final RopeScaling ROPE = new RopeScaling(10_000, 8, 512, 16, 2, true);
    /// Sizes that all differ, so that no two dimensions can be mistaken for each other.
    private static final MoeConfig SMALL = new MoeConfig(3, 5, 2, 64, 96, 40, 6, 2, 16, 9, List.of(true, true, false),
            4096, 2e-5f, 5.5f, ROPE, List.of(39, 7));

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void open_whatWasWritten_givesTheSameSizesAndBytes(CheckpointLayout layout) throws Exception {
        write(layout, ONE_FILE);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.config()).isEqualTo(SMALL);
            assertThat(checkpoint.layout()).isEqualTo(layout);
            for (TensorSpec spec : layout.tensors(SMALL)) {
                assertThat(checkpoint.tensor(spec.name())).hasValueSatisfying(tensor -> {
                    assertThat(tensor.shape()).isEqualTo(spec.shape());
                    assertThat(tensor.data().mismatch(content(spec))).as(spec.name()).isEqualTo(-1);
                });
            }
        }
    }

    @Test
    void open_severalShards_findsEachTensorInItsFile() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, 40_000);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".safetensors")).count()).isGreaterThan(3);
        }
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            MoeWeights weights = checkpoint.weights();
            TensorSpec last = CheckpointLayout.HUGGING_FACE.tensors(SMALL).getLast();
            assertThat(weights.unembedding().data().mismatch(content(last))).isEqualTo(-1);
        }
    }

    @Test
    void weights_originalLayout_partsQueriesKeysAndValues() throws Exception {
        write(CheckpointLayout.ORIGINAL, ONE_FILE);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            MoeWeights.Layer layer = checkpoint.weights().layers().get(1);
            float[] qkv = checkpoint.tensor("block.1.attn.qkv.weight").orElseThrow().toFloats();
            float[] bias = checkpoint.tensor("block.1.attn.qkv.bias").orElseThrow().toFloats();

            assertThat(layer.query().weight().shape()).containsExactly(96L, 64L);
            assertThat(layer.key().weight().shape()).containsExactly(32L, 64L);
            assertThat(layer.key().weight().toFloats()[3]).isEqualTo(qkv[96 * 64 + 3]);
            assertThat(layer.value().weight().toFloats()[5]).isEqualTo(qkv[128 * 64 + 5]);
            assertThat(layer.value().bias().toFloats()[31]).isEqualTo(bias[159]);
        }
    }

    @Test
    void unpack_oneExpert_isItsOwnPartOfTheBlocks() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            MoeWeights.Experts down = checkpoint.weights().layers().get(2).down();
            float[] matrix = down.unpack(3); // (64, 96): row 10, columns 32 to 63 are block 1
            int block = (3 * 64 + 10) * 3 + 1;
            int pair = (int) TensorType.U8.get(down.blocks().data(), block * 16L + 4);
            float scale = Mxfp4.scale((byte) TensorType.U8.get(down.scales().data(), block));

            assertThat(matrix).hasSize(64 * 96);
            assertThat(matrix[10 * 96 + 32 + 8]).isEqualTo(Mxfp4.element(pair & 0xF) * scale);
            assertThat(matrix[10 * 96 + 32 + 9]).isEqualTo(Mxfp4.element(pair >> 4) * scale);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0.0, 0.01, 0.2, 0.7, 0.999 })
    void open_cutOffFile_saysSo(double share) throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        Path file = folder.resolve("model.safetensors");
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength((long) (cut.length() * share));
        }

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString()).hasMessageMatching(".*(is cut off|is no safetensors file).*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "9223372036854775807 | {} | expected the length of a header",
            "-1 | {} | expected the length of a header",
            "1152921504606846976 | {} | expected the length of a header",
            "2147483647 | {} | expected the length of a header",
            "9 | {\"a\": [1} | the header is damaged", "2 | [] | expected a JSON object",
            "3 | [1] | expected a JSON object" })
    void open_damagedHeader_namesThePlace(long length, String header, String problem) throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        writeRaw(length, header);

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors").hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"t\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,1]}} | the type 'F99' is not known",
            "{\"t\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,1]}} | 1 bytes are not U8 of [2]",
            "{\"t\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}} | expected a whole number, found -1",
            "{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}} | expected a begin and an end",
            "{\"t\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}} | its shape or its place is missing",
            "{\"t\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,1]}} | are not F32",
            "{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"t\":{}} | Duplicate",
            "{\"t\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"u\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | tensor u begins at byte 1 of the data, within t",
            "{\"t\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}} | is cut off: tensor t ends at byte 9" })
    void open_tensorThatCannotBe_isNamed(String header, String problem) throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        writeRaw(header.length(), header + "xyz");

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void open_otherArchitecture_namesIt() throws Exception {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\", \"hidden_size\": 64}");

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessage(
                        folder.resolve("config.json") + ": describes a model of type 'llama', the lab runs gpt_oss");
    }

    @Test
    void open_sizesThatDoNotFitTheTensors_saysWhichTensor() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        replaceInConfig("\"vocab_size\" : 40", "\"vocab_size\" : 41");

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class).hasMessage(
                folder + ": model.embed_tokens.weight in model.safetensors is [40, 64], expected [41, 64], "
                        + "lm_head.weight in model.safetensors is [40, 64], expected [41, 64]");
    }

    @Test
    void open_missingTensorAndWrongShape_namesBoth() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        replaceInWeights("model.layers.1.self_attn.sinks", "model.layers.1.self_attn.sinkX");
        replaceInWeights("\"lm_head.weight\":{\"dtype\":\"BF16\",\"shape\":[40,64]",
                "\"lm_head.weight\":{\"dtype\":\"BF16\",\"shape\":[64,40]");

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessage(folder + ": model.layers.1.self_attn.sinks is missing, "
                        + "lm_head.weight in model.safetensors is [64, 40], expected [40, 64]");
    }

    @Test
    void open_scalesOfAnotherType_namesTheTensorAndItsFile() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        String scales = "model.layers.0.mlp.experts.down_proj_scales\":{\"dtype\":\"";
        replaceInWeights(scales + "U8", scales + "I8");

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class).hasMessage(folder
                + ": model.layers.0.mlp.experts.down_proj_scales in model.safetensors is of I8, expected U8");
    }

    @Test
    void open_tensorInTwoShards_namesBoth() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        Files.move(folder.resolve("model.safetensors"), folder.resolve("a.safetensors"));
        Files.copy(folder.resolve("a.safetensors"), folder.resolve("b.safetensors"));
        Files.writeString(folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"x\": \"a.safetensors\", \"y\": \"b.safetensors\"}}");

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("b.safetensors: tensor ").hasMessageEndingWith(" is also in a.safetensors");
    }

    @ParameterizedTest
    @CsvSource({ "model.layers.1.mlp.experts.down_proj_scales, 77, 1, FF, scale 77",
            "model.norm.weight, 8, 2, C07F, number 4", "model.layers.2.self_attn.sinks, 10, 2, 80FF, number 5",
            "lm_head.weight, 5118, 2, 807F, number 2559" })
    void requireFinite_spoiledNumber_namesItsPlace(String tensor, long at, int bytes, String hex, String place)
            throws Exception {
        RandomWeights random = new RandomWeights(SMALL, "small", 3);
        WeightContent content = new WeightContent(random, CheckpointLayout.HUGGING_FACE);
        byte[] spoiled = HexFormat.of().parseHex(hex);
        assertThat(spoiled).hasSize(bytes);
        CheckpointWriter.write(folder, SMALL, CheckpointLayout.HUGGING_FACE, ONE_FILE, content, ImportMonitor.NONE);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.requireFinite();
        }
        Files.delete(folder.resolve("model.safetensors"));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), CheckpointLayout.HUGGING_FACE.tensors(SMALL),
                (spec, from, target) -> {
                    content.fill(spec, from, target);
                    if (spec.name().equals(tensor)) {
                        target.asSlice(at, bytes).copyFrom(MemorySegment.ofArray(spoiled));
                    }
                }, _ -> {
                });

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThatThrownBy(checkpoint::requireFinite).isInstanceOf(CheckpointException.class).hasMessage(
                    folder.resolve("model.safetensors") + ": tensor " + tensor + ": " + place + " is not finite");
        }
    }

    @Test
    void open_missingShard_namesTheFile() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, 40_000);
        try (Stream<Path> files = Files.list(folder)) {
            Files.delete(files.filter(file -> file.toString().contains("-00002-of-")).findFirst().orElseThrow());
        }

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model-00002-of-").hasMessageEndingWith("no such file");
    }

    @Test
    void open_indexThatLeavesTheFolder_isRefused() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        Files.writeString(folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"../other/model.safetensors\"}}");

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is no file in this folder");
    }

    @Test
    void open_noWeightsOrOtherForm_saysWhatIsThere() throws Exception {
        write(CheckpointLayout.HUGGING_FACE, ONE_FILE);
        Files.move(folder.resolve("model.safetensors"), folder.resolve("model.gguf"));

        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith("model.gguf is in a form that the lab does not read");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("nowhere"))).isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith("nowhere: no such folder");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("config.json")))
                .isInstanceOf(CheckpointException.class).hasMessageEndingWith("is not a folder");
    }

    @Test
    void write_sourceThatFails_leavesNothingBehind() throws Exception {
        List<TensorSpec> specs = CheckpointLayout.HUGGING_FACE.tensors(SMALL);

        assertThatThrownBy(
                () -> CheckpointWriter.write(folder.resolve("new"), SMALL, CheckpointLayout.HUGGING_FACE, 40_000,
                        (spec, from, target) -> {
                            if (spec.equals(specs.getLast())) {
                                throw new IOException("the device is gone");
                            }
                            fill(spec, from, target);
                        }, ImportMonitor.NONE))
                .isInstanceOf(IOException.class).hasMessage(folder.resolve("new") + ": the device is gone");

        assertEmpty(folder);
    }

    @Test
    void write_cancelledHalfway_leavesNothingBehind() throws Exception {
        ImportMonitor impatient = new ImportMonitor() {
            private double done;

            @Override
            public void update(double fraction, String phase) {
                done = fraction;
            }

            @Override
            public boolean isCancelled() {
                return done > 0.5;
            }
        };

        assertThatThrownBy(() -> CheckpointWriter.write(folder.resolve("new"), SMALL, CheckpointLayout.HUGGING_FACE,
                ONE_FILE, CheckpointTest::fill, impatient)).isInstanceOf(CancellationException.class);

        assertEmpty(folder);
    }

    @Test
    void write_whereSomethingIs_isRefusedAndLeavesIt() throws Exception {
        Files.writeString(folder.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> write(CheckpointLayout.HUGGING_FACE, ONE_FILE)).isInstanceOf(IOException.class)
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> CheckpointWriter.write(folder.resolve("a/b"), SMALL, CheckpointLayout.HUGGING_FACE,
                ONE_FILE, CheckpointTest::fill, ImportMonitor.NONE)).isInstanceOf(IOException.class)
                .hasMessageContaining("no such folder: " + folder.resolve("a"));

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("notes.txt"));
        }
    }

    @Test
    void write_moreThanTheDiskHolds_isRefusedBeforehand() throws Exception {
        MoeConfig huge = new MoeConfig(20_000, 128, 4, 2880, 2880, 201_088, 64, 8, 64, 128,
                MoeConfig.alternating(20_000), 4096, 1e-5f, 7f, ROPE, List.of());

        assertThatThrownBy(() -> CheckpointWriter.write(folder, huge, CheckpointLayout.HUGGING_FACE, ONE_FILE,
                CheckpointTest::fill, ImportMonitor.NONE)).isInstanceOf(IOException.class)
                .hasMessageMatching(".*needs .* and .* are free there");

        assertEmpty(folder);
    }

    private static void assertEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private void write(CheckpointLayout layout, long shardBytes) throws IOException {
        CheckpointWriter.write(folder, SMALL, layout, shardBytes, CheckpointTest::fill, ImportMonitor.NONE);
    }

    private void writeRaw(long length, String header) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(text);
        Files.write(folder.resolve("model.safetensors"), bytes.array());
    }

    /// Changes the header in place, so that the lengths must be the same.
    private void replaceInWeights(String old, String replacement) throws IOException {
        assertThat(replacement).hasSameSizeAs(old);
        Path weights = folder.resolve("model.safetensors");
        String text = Files.readString(weights, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(old);
        Files.writeString(weights, text.replace(old, replacement), StandardCharsets.ISO_8859_1);
    }

    private void replaceInConfig(String old, String replacement) throws IOException {
        Path config = folder.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(old);
        Files.writeString(config, text.replace(old, replacement));
    }

    private static void fill(TensorSpec spec, long from, MemorySegment target) {
        target.copyFrom(content(spec).asSlice(from, target.byteSize()));
    }

    /// Bytes of a tensor's own, the same at every call.
    private static MemorySegment content(TensorSpec spec) {
        byte[] bytes = new byte[Math.toIntExact(spec.bytes())];
        new Random(spec.name().hashCode()).nextBytes(bytes);
        return MemorySegment.ofArray(bytes);
    }
}
