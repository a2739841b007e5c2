package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.model.Fp8Tiles;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// The weights of attention and unembedding on the device in FP8, beside those in bf16 that they are rounded from: a number
/// in 8 bits, a scale a row, in the kernels' tiles.
final class Fp8Weights implements AutoCloseable {
    /// What device memory in this form is called.
    static final String PURPOSE = "weights (FP8)";

    private static final List<WeightTensor> OF_A_LAYER = List.of(WeightTensor.QKV, WeightTensor.OUT);

    private final List<Map<WeightTensor, DeviceBuffer>> layers = new ArrayList<>();
    private final Map<WeightTensor, DeviceBuffer> shared = new EnumMap<>(WeightTensor.class);
    private final MoeConfig config;

    /// Where a matrix lies.
    ///
    /// @param numbers address of its tiles
    /// @param rowScales address of a scale a row, in fp32
    record Matrix(long numbers, long rowScales) {}

    private Fp8Weights(MoeConfig config) {
        this.config = config;
    }

    /// Rounds the weights of a model that is on the device. Where that fails, nothing stays allocated.
    static Fp8Weights of(DeviceModel model, WeightLoader loader) {
        MoeConfig c = model.config();
        Fp8Weights weights = new Fp8Weights(c);
        boolean complete = false;
        try {
            for (int l = 0; l < c.layers(); l++) {
                weights.layers.add(new EnumMap<>(WeightTensor.class));
                for (WeightTensor tensor : OF_A_LAYER) {
                    weights.add(weights.layers.getLast(), tensor, model.address(tensor, l), loader);
                }
            }
            weights.add(weights.shared, WeightTensor.UNEMBEDDING, model.address(WeightTensor.UNEMBEDDING), loader);
            loader.stream().synchronize();
            complete = true;
            return weights;
        } finally {
            if (!complete) {
                weights.close();
            }
        }
    }

    private void add(Map<WeightTensor, DeviceBuffer> to, WeightTensor tensor, long bf16, WeightLoader loader) {
        Fp8Tiles tiles = Fp8Tiles.of(tensor, config);
        DeviceBuffer buffer = loader.context().allocate(PURPOSE, tiles.bytes() + tiles.scaleBytes());
        to.put(tensor, buffer);
        Matrix matrix = matrix(buffer, tiles);
        loader.packFp8(matrix.numbers, matrix.rowScales, bf16, tiles);
    }

    /// A layer's matrix, or one that the model has once.
    Matrix matrix(WeightTensor tensor, int layer) {
        return matrix((tensor.isPerLayer() ? layers.get(layer) : shared).get(tensor), Fp8Tiles.of(tensor, config));
    }

    private static Matrix matrix(@Nullable DeviceBuffer buffer, Fp8Tiles tiles) {
        if (buffer == null) {
            throw new IllegalArgumentException("the model keeps no such matrix in FP8");
        }
        return new Matrix(buffer.address(), buffer.address() + tiles.bytes());
    }

    /// Bytes of all these matrices of a model.
    static long bytes(MoeConfig c) {
        return c.layers() * OF_A_LAYER.stream().mapToLong(tensor -> bytes(tensor, c)).sum()
                + bytes(WeightTensor.UNEMBEDDING, c);
    }

    private static long bytes(WeightTensor tensor, MoeConfig c) {
        Fp8Tiles tiles = Fp8Tiles.of(tensor, c);
        return tiles.bytes() + tiles.scaleBytes();
    }

    @Override
    public void close() {
        Stream.concat(layers.stream(), Stream.of(shared))
                .forEach(tensors -> tensors.values().forEach(DeviceBuffer::close));
    }
}
