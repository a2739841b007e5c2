package org.moelab.gpu.engine;

import java.util.HashMap;
import java.util.Map;

import org.moelab.gpu.cuda.CublasLt;
import org.moelab.gpu.cuda.CublasLt.Element;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.DeviceMemory;

/// The products planned so far, each shape once: the choice of an algorithm costs the host more than a launch.
final class Products implements AutoCloseable {
    private final CublasLt library;
    private final CublasLt.Tuning tuning;
    private final DeviceBuffer workspace;
    private final Map<Shape, CublasLt.Product> planned = new HashMap<>();

    private record Shape(int tokens, int rows, int inner, int outStride, Element out, boolean bias) {}

    /// @param memory where the library's scratch memory is taken
    /// @param tuning how algorithms are chosen
    Products(CublasLt library, DeviceMemory memory, CublasLt.Tuning tuning) {
        this.library = library;
        this.tuning = tuning;
        this.workspace = memory.allocate("workspace", Math.max(256, tuning.workspaceBytes()));
    }

    /// out = x · weightsᵀ + bias, see [CublasLt#product].
    ///
    /// @param bias address of the bias, 0 for none
    void run(int tokens, int rows, int inner, long out, int outStride, Element element, long x, long weights, long bias,
            CudaStream stream) {
        planned.computeIfAbsent(new Shape(tokens, rows, inner, outStride, element, bias != 0),
                s -> library.product(s.tokens, s.rows, s.inner, s.outStride, s.out, s.bias, tuning))
                .run(out, x, weights, bias, workspace.address(), workspace.bytes(), stream);
    }

    @Override
    public void close() {
        planned.values().forEach(CublasLt.Product::close);
        workspace.close();
    }
}
