package org.moelab.gpu.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Gives the tensors of a checkpoint that is being written, one at a time.
@FunctionalInterface
public interface TensorSource {
    /// @param spec which tensor, by its name in the layout written
    /// @return its bytes, bf16 where it is not packed; they need to stay valid until the next call only
    MemorySegment bytes(TensorSpec spec) throws IOException;
}
