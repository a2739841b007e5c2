package org.moelab.gpu.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Gives the tensors of a checkpoint that is being written, a part at a time.
@FunctionalInterface
public interface TensorSource {
    /// Fills in a part of a tensor, as the file shall hold it: little-endian, bf16 where it is not packed.
    ///
    /// @param spec which tensor, by its name in the layout written
    /// @param from the tensor's byte at which the part begins, a multiple of 8
    /// @param target room for the part; many threads may write into it at once
    void fill(TensorSpec spec, long from, MemorySegment target) throws IOException;
}
