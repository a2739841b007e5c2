package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.CudaStream;

/// One operation of a plan: what it is, how it is done, what it must move and compute, and how to start it.
///
/// @param name where in the model it stands: `layer 3/attention/qkv`
/// @param kind the family of work: `attention`, `expert matmul` …
/// @param implementation what does it: a kernel's name, or `cublasLt`
/// @param techniques the techniques that it applies, by id
/// @param bytes the fewest bytes it must move through device memory; analytic
/// @param flops the floating-point operations it does; analytic
/// @param steady whether its launch is the same in every step, so that a graph can hold it: the same kernels in the same
///   shapes with the same parameters, and nothing that the host waits for
/// @param launch puts it into a stream
public record Operation(String name, String kind, String implementation, List<String> techniques, Cost bytes,
        Cost flops, boolean steady, Launch launch) {
    public Operation {
        techniques = List.copyOf(techniques);
    }

    /// What an operation costs, from its shapes; attention's cost grows with what the sequences hold.
    @FunctionalInterface
    public interface Cost {
        /// @param length tokens that each sequence held before the step
        long at(int length);
    }

    /// Puts work into a stream.
    @FunctionalInterface
    public interface Launch {
        /// Starts the operation.
        ///
        /// @param step how long the sequences were before this step, which moves where kernels read and write
        void into(CudaStream stream, Step step);
    }

    /// What changes from step to step.
    ///
    /// @param length tokens that each sequence held before the step
    public record Step(int length) {}
}
