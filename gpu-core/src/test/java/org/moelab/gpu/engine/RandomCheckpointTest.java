package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.model.Checkpoint;
import org.moelab.gpu.model.CheckpointLayout;
import org.moelab.gpu.model.CheckpointWeights;
import org.moelab.gpu.model.CheckpointWriter;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomNumbers;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;
import org.moelab.gpu.model.TensorData;
import org.moelab.gpu.model.TensorSpec;
import org.moelab.gpu.model.WeightTensor;

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
        try (Arena arena = Arena.ofConfined()) {
            CheckpointWriter.write(folder, SMALL, CheckpointLayout.ORIGINAL, Long.MAX_VALUE,
                    spec -> content(spec, arena));
        }
        try (CheckpointWeights read = new CheckpointWeights(Checkpoint.open(folder))) {
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
