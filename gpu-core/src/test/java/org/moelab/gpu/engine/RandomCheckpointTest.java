package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.gpu.model.Checkpoint;
import org.moelab.gpu.model.CheckpointException;
import org.moelab.gpu.model.CheckpointLayout;
import org.moelab.gpu.model.CheckpointWeights;
import org.moelab.gpu.model.CheckpointWriter;
import org.moelab.gpu.model.FirstLayers;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomNumbers;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;
import org.moelab.gpu.model.Tensor;
import org.moelab.gpu.model.TensorData;
import org.moelab.gpu.model.TensorSpec;
import org.moelab.gpu.model.TensorType;
import org.moelab.gpu.model.WeightContent;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.model.WeightTensor;
import org.moelab.traces.model.ImportMonitor;

class RandomCheckpointTest {
    private static final MoeConfig SMALL = new MoeConfig(2, 5, 2, 64, 96, 40, 6, 2, 16, 9, List.of(true, false), 4096,
            2e-5f, 5.5f, new RopeScaling(10_000, 8, 512, 16, 2, true), List.of(39, 7));
    private static final RandomWeights RANDOM = new RandomWeights(SMALL, "small", 20);
    /// What the original layout calls the tensors, after `block.N.`
    private static final Map<String, WeightTensor> NAMES = Map.ofEntries(
            Map.entry("embedding.weight", WeightTensor.EMBEDDING),
            Map.entry("norm.scale", WeightTensor.FINAL_NORM),
            Map.entry("unembedding.weight", WeightTensor.UNEMBEDDING),
            Map.entry("attn.norm.scale", WeightTensor.ATTENTION_NORM),
            Map.entry("attn.qkv.weight", WeightTensor.QKV),
            Map.entry("attn.qkv.bias", WeightTensor.QKV_BIAS),
            Map.entry("attn.sinks", WeightTensor.SINKS),
            Map.entry("attn.out.weight", WeightTensor.OUT),
            Map.entry("attn.out.bias", WeightTensor.OUT_BIAS),
            Map.entry("mlp.norm.scale", WeightTensor.MOE_NORM),
            Map.entry("mlp.gate.weight", WeightTensor.ROUTER),
            Map.entry("mlp.gate.bias", WeightTensor.ROUTER_BIAS),
            Map.entry("mlp.mlp1_weight.blocks", WeightTensor.GATE_UP_CODES),
            Map.entry("mlp.mlp1_weight.scales", WeightTensor.GATE_UP_SCALES),
            Map.entry("mlp.mlp1_bias", WeightTensor.GATE_UP_BIAS),
            Map.entry("mlp.mlp2_weight.blocks", WeightTensor.DOWN_CODES),
            Map.entry("mlp.mlp2_weight.scales", WeightTensor.DOWN_SCALES),
            Map.entry("mlp.mlp2_bias", WeightTensor.DOWN_BIAS));

    @TempDir
    Path folder;

    @Test
    void weights_writtenAndReadBack_areThoseOfTheSeed() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            CheckpointWriter.write(folder, SMALL, CheckpointLayout.ORIGINAL, Long.MAX_VALUE,
                    (spec, from, target) -> target.copyFrom(content(spec, arena).asSlice(from, target.byteSize())),
                    ImportMonitor.NONE);
        }
        assertSameWeights(folder);
    }

    @ParameterizedTest
    @EnumSource
    void weights_exportedInAnyLayout_areThoseOfTheSeed(CheckpointLayout layout) throws Exception {
        CheckpointWriter.write(folder, SMALL, layout, 30_000, new WeightContent(RANDOM, layout), ImportMonitor.NONE);

        assertSameWeights(folder);
    }

    @Test
    void weights_exportedFromAnotherCheckpoint_areTheSame() throws Exception {
        Path original = folder.resolve("original");
        Path exported = folder.resolve("exported");
        CheckpointWriter.write(original, SMALL, CheckpointLayout.ORIGINAL, Long.MAX_VALUE,
                new WeightContent(RANDOM, CheckpointLayout.ORIGINAL), ImportMonitor.NONE);
        try (CheckpointWeights read = new CheckpointWeights(Checkpoint.open(original))) {
            WeightContent content = new WeightContent(read, CheckpointLayout.HUGGING_FACE);
            assertThat(content.roundedTensors()).isZero();
            CheckpointWriter.write(exported, SMALL, CheckpointLayout.HUGGING_FACE, Long.MAX_VALUE, content,
                    ImportMonitor.NONE);
        }

        assertSameWeights(exported);
    }

    @Test
    void weights_ofFirstLayers_areThoseOfTheWhole() throws Exception {
        FirstLayers one = new FirstLayers(RANDOM, 1);
        CheckpointWriter.write(folder, one.config(), CheckpointLayout.HUGGING_FACE, Long.MAX_VALUE,
                new WeightContent(one, CheckpointLayout.HUGGING_FACE), ImportMonitor.NONE);

        try (CheckpointWeights read = new CheckpointWeights(Checkpoint.open(folder))) {
            CpuWeights weights = CpuWeights.of(read);
            assertThat(weights.layers()).usingRecursiveComparison()
                    .isEqualTo(CpuWeights.of(RANDOM).layers().subList(0, 1));
            assertThat(read.config().sliding()).containsExactly(true);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new FirstLayers(RANDOM, 3))
                .withMessageContaining("has 2 layers");
    }

    private static List<MoeConfig> oddModels() {
        RopeScaling plain = new RopeScaling(10_000, 1, 512, 32, 1, true);
        RopeScaling ramp = new RopeScaling(500_000, 4, 64, 16, 2, false);
        return List.of(
                // one key-value head for three query heads, the first layer full, a window shorter than the text
                new MoeConfig(3, 7, 3, 96, 32, 97, 3, 1, 20, 5, List.of(false, true, true), 512, 1e-6f, 1.5f, plain,
                        List.of()),
                // each query head its own keys, no layer slides, one expert
                new MoeConfig(2, 1, 1, 32, 160, 33, 4, 4, 8, 0, List.of(false, false), 64, 1e-3f, 0.5f, ramp,
                        List.of(3)),
                // heads wider together than the hidden state, every expert chosen, all slide over the token itself
                new MoeConfig(1, 5, 5, 64, 64, 300, 10, 2, 48, 1, List.of(true), 4096, 1e-5f, 7f, ramp,
                        List.of(299, 0)));
    }

    @ParameterizedTest
    @MethodSource("oddModels")
    void logits_ofACheckpointOfOtherSizes_areThoseOfDoublePrecision(MoeConfig config) throws Exception {
        RandomWeights random = new RandomWeights(config, "odd", 4);
        for (CheckpointLayout layout : CheckpointLayout.values()) {
            Path odd = folder.resolve(layout.name());
            CheckpointWriter.write(odd, config, layout, 20_000, new WeightContent(random, layout), ImportMonitor.NONE);
            int[] tokens = IntStream.range(0, 21).map(i -> i * 13 % config.vocabulary()).toArray();
            double[][] expected = new PlainModel(CpuWeights.of(random)).logits(tokens);
            try (CheckpointWeights read = new CheckpointWeights(Checkpoint.open(odd));
                    Session session = new CpuEngine(CpuWeights.of(read)).open(1, tokens.length)) {
                assertThat(read.config()).isEqualTo(config);
                float[][] logits = session.append(new int[][] { tokens }, Session.Scope.ALL);
                assertThat(LogitError.relative(logits, expected)).isLessThan(1e-5);
            }
        }
    }

    /// Float32 numbers, as some checkpoints keep norms in, are written as the nearest bf16 ones.
    @Test
    void fill_fromFloat32InPieces_roundsToBf16() {
        float[] numbers = new float[SMALL.qkvWidth()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) Math.sin(i) * 3;
        }
        WeightSource source = new WeightSource() {
            @Override
            public MoeConfig config() {
                return SMALL;
            }

            @Override
            public String name() {
                return "float32 biases";
            }

            @Override
            public TensorData data(WeightTensor tensor, int layer) {
                return tensor == WeightTensor.QKV_BIAS
                        ? new TensorData.Host(List.of(part(numbers, 0, 50), part(numbers, 50, numbers.length)))
                        : RANDOM.data(tensor, layer);
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        WeightContent content = new WeightContent(source, CheckpointLayout.HUGGING_FACE);
        TensorSpec keys = CheckpointLayout.HUGGING_FACE.tensors(SMALL).stream()
                .filter(spec -> spec.name().endsWith("0.self_attn.q_proj.bias")).findFirst().orElseThrow();
        MemorySegment target = MemorySegment.ofArray(new byte[(int) keys.bytes() - 8]);

        content.fill(keys, 8, target);

        assertThat(content.roundedTensors()).as("queries, keys and values of two layers").isEqualTo(6);
        for (int i = 4; i < SMALL.queryWidth(); i++) {
            assertThat(target.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * (i - 4)))
                    .isEqualTo(RandomNumbers.toBf16(numbers[i]));
        }
    }

    private static Tensor part(float[] numbers, int from, int to) {
        return new Tensor("part", TensorType.F32, List.of((long) to - from),
                MemorySegment.ofArray(Arrays.copyOfRange(numbers, from, to)));
    }

    private static void assertSameWeights(Path folder) throws CheckpointException {
        try (CheckpointWeights read = new CheckpointWeights(Checkpoint.open(folder))) {
            assertThat(read.config()).isEqualTo(SMALL);
            assertThat(CpuWeights.of(read)).usingRecursiveComparison().isEqualTo(CpuWeights.of(RANDOM));
        }
    }

    private static MemorySegment content(TensorSpec spec, Arena arena) {
        String[] block = spec.name().split("(?<=block\\.\\d)\\.", 2);
        WeightTensor tensor = Objects.requireNonNull(NAMES.get(block[block.length - 1]), spec.name());
        int layer = block.length == 1 ? 0 : Integer.parseInt(block[0].substring("block.".length()));
        MemorySegment bytes = arena.allocate(spec.bytes(), 8);
        switch (RANDOM.data(tensor, layer)) {
            case TensorData.RandomBf16 r -> {
                for (long i = 0; i < tensor.count(SMALL); i++) {
                    bytes.setAtIndex(ValueLayout.JAVA_SHORT, i,
                            RandomNumbers.bf16(r.seed(), i, r.mean(), r.deviation()));
                }
            }
            case TensorData.RandomBytes r -> {
                for (long i = 0; i < spec.bytes() / 8; i++) {
                    bytes.setAtIndex(ValueLayout.JAVA_LONG, i, RandomNumbers.bytes(r.seed(), i));
                }
            }
            case TensorData.RandomScales r -> {
                for (long i = 0; i < spec.bytes(); i++) {
                    bytes.set(ValueLayout.JAVA_BYTE, i, RandomNumbers.scale(r.seed(), i, r.base(), r.mask()));
                }
            }
            case TensorData.Host host -> throw new AssertionError("random weights come from no file: " + host);
        }
        return bytes;
    }
}
