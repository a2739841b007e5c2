package org.moelab.gpu.model;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A tensor of a checkpoint, in the file's own bytes: little-endian, row-major, the last dimension contiguous.
///
/// @param name its name in the file
/// @param type of its elements
/// @param shape its dimensions, the slowest first
/// @param data its bytes, valid as long as the checkpoint is open; not aligned as a rule
public record Tensor(String name, TensorType type, List<Long> shape, MemorySegment data) {
    public Tensor {
        shape = List.copyOf(shape);
        if (data.byteSize() != elements(shape) * type.bytes()) {
            throw new IllegalArgumentException(
                    name + " of " + data.byteSize() + " bytes is not " + type + " of " + shape);
        }
    }

    /// How many elements it has.
    public long elements() {
        return elements(shape);
    }

    /// The rows `from` to `to` of the slowest dimension, without a copy.
    public Tensor rows(long from, long to) {
        long rowBytes = data.byteSize() / shape.getFirst();
        List<Long> part = new ArrayList<>(shape);
        part.set(0, to - from);
        return new Tensor(name, type, part, data.asSlice(from * rowBytes, (to - from) * rowBytes));
    }

    /// The elements as fp32, a copy.
    ///
    /// @throws IllegalArgumentException where there are more than an array holds
    public float[] toFloats() {
        if (elements() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(name + " of " + elements() + " elements does not fit into an array");
        }
        float[] values = new float[(int) elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.get(data, i);
        }
        return values;
    }

    static long elements(List<Long> shape) {
        long product = 1;
        for (long dimension : shape) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }
}
