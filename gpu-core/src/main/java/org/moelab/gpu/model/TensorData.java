package org.moelab.gpu.model;

import java.util.List;

/// Where a tensor's content comes from.
public sealed interface TensorData {
    /// Tensors of a checkpoint that follow one another, numbers of any type or packed bytes.
    record Host(List<Tensor> pieces) implements TensorData {
        public Host {
            pieces = List.copyOf(pieces);
        }
    }

    /// bf16 numbers made from a seed, of this mean and deviation: see [RandomNumbers#bf16].
    record RandomBf16(long seed, float mean, float deviation) implements TensorData {}

    /// Bytes made from a seed: see [RandomNumbers#bytes].
    record RandomBytes(long seed) implements TensorData {}

    /// Scales made from a seed: `base` plus the bits of a hash under `mask`, see [RandomNumbers#scale].
    record RandomScales(long seed, int base, int mask) implements TensorData {}
}
