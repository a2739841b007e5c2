package org.moelab.gpu.model;

import java.util.List;
import java.util.stream.LongStream;

/// A tensor that a checkpoint must have.
///
/// @param name its name
/// @param packed whether its elements are bytes of packed numbers or of their scales; otherwise they are floating-point
/// @param shape its dimensions, the slowest first
public record TensorSpec(String name, boolean packed, List<Long> shape) {
    public TensorSpec {
        shape = List.copyOf(shape);
    }

    static TensorSpec floats(String name, long... shape) {
        return new TensorSpec(name, false, LongStream.of(shape).boxed().toList());
    }

    static TensorSpec bytes(String name, long... shape) {
        return new TensorSpec(name, true, LongStream.of(shape).boxed().toList());
    }

    /// Its size in a checkpoint whose floating-point numbers have 16 bits.
    public long bytes() {
        return Tensor.elements(shape) * (packed ? TensorType.U8 : TensorType.BF16).bytes();
    }

    /// What is wrong with a tensor that should be this one, empty where nothing is.
    ///
    /// @param file where the tensor is
    String mismatch(Tensor tensor, String file) {
        if (!tensor.shape().equals(shape)) {
            return tensor.name() + " in " + file + " is " + tensor.shape() + ", expected " + shape;
        }
        if (packed ? tensor.type() != TensorType.U8 : !tensor.type().floating()) {
            return tensor.name() + " in " + file + " is of " + tensor.type() + ", expected "
                    + (packed ? "U8" : "BF16, F16 or F32");
        }
        return "";
    }
}
