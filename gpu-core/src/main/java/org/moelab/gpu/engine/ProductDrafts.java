package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.CublasLt.Element;
import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Gpu;

/// The products of a step: by our matrix-vector kernels or by the library.
///
/// Sums leave in fp32 in both. Rounding them to bf16 would add two fifths to the error of the logits (docs/performance.md).
final class ProductDrafts {
    static final int WARP = 32;
    /// The switches of the matrix-vector kernels. With more tokens than one nothing is gained by limiting registers.
    static final List<String> SWITCHES = List.of("ilp", "latency-hiding", "read-only-cache", "register-pressure",
            "shared-memory", "vectorised-loads", "occupancy");

    private final StepShape shape;

    ProductDrafts(StepShape shape) {
        this.shape = shape;
    }

    /// One product, of rows of activations with a matrix of weights.
    ///
    /// @param name where in the model it stands
    /// @param kind its family of work
    /// @param tokens rows of activations
    /// @param rows rows of the matrix
    /// @param inner columns of both
    /// @param outStride numbers between the rows of what comes out
    /// @param out where that goes, in fp32
    /// @param x where the activations lie, in bf16
    /// @param weights where the matrix lies, in bf16
    record Product(String name, String kind, int tokens, int rows, int inner, int outStride, ToLongFunction<Gpu> out,
            ToLongFunction<Gpu> x, ToLongFunction<Gpu> weights) {
        long flops() {
            return 2L * tokens * rows * inner;
        }
    }

    /// A product by the library, without bias.
    Draft library(Product p) {
        return library(p, List.of());
    }

    /// The same where techniques have brought it about.
    Draft library(Product p, List<String> techniques) {
        long bytes = 2L * p.rows * p.inner + (long) p.tokens * (2L * p.inner + 4L * p.rows);
        return new Draft(p.name, p.kind, Draft.LIBRARY,
                Stream.concat(techniques.stream(), shape.tuned().stream()).toList(), _ -> bytes, _ -> p.flops(), true,
                (Draft.Binding.Calls) gpu -> {
                    long out = p.out.applyAsLong(gpu);
                    long x = p.x.applyAsLong(gpu);
                    long weights = p.weights.applyAsLong(gpu);
                    gpu.resources().tuner().ifPresent(tuner -> gpu.products().tune(p.tokens, p.rows, p.inner,
                            p.outStride, Element.FLOAT, weights, tuner, gpu.resources().stream()));
                    return (stream, _) -> gpu.products().run(p.tokens, p.rows, p.inner, out, p.outStride, Element.FLOAT,
                            x,
                            weights, 0, stream);
                });
    }

    /// A matrix-vector product.
    ///
    /// @param bias where the bias lies, 0 for none
    /// @param hasBias whether there is one
    /// @param adds whether the sums are added to what lies there
    Draft vectors(Product p, ToLongFunction<Gpu> bias, boolean hasBias, boolean adds) {
        String kernel = "gemv_bf16_" + (adds ? "residual" : "float") + "_t" + p.tokens;
        long bytes = 2L * p.rows * p.inner + 2L * p.tokens * p.inner + (adds ? 8L : 4L) * p.tokens * p.rows
                + (hasBias ? 2L * p.rows : 0);
        return Draft.kernel(p.name, p.kind, kernel, applied(p.tokens == 1), bytes, p.flops(),
                (gpu, function) -> Launcher
                        .of(function, launch(gpu, function, p.rows, rowsAWarp(p.tokens), 1, 2 * p.tokens * p.inner))
                        .pointer(p.out.applyAsLong(gpu)).pointer(p.weights.applyAsLong(gpu))
                        .pointer(bias.applyAsLong(gpu)).pointer(p.x.applyAsLong(gpu)).int32(p.rows).int32(p.inner)
                        .int32(p.outStride).prepared(gpu.w().arena));
    }

    /// The techniques of a matrix-vector kernel.
    ///
    /// @param limitsRegisters whether it has a limit of registers to leave out
    List<String> applied(boolean limitsRegisters) {
        List<String> techniques = new ArrayList<>(shape.applied("decode-gemv", SWITCHES));
        if (!limitsRegisters) {
            techniques.remove("register-pressure");
        }
        return techniques;
    }

    /// How a matrix-vector kernel is launched.
    ///
    /// @param rows rows of the matrix
    /// @param gridRows rows of the grid, each over the whole matrix
    /// @param stagedBytes what a block holds of the activations
    LaunchShape launch(Gpu gpu, CudaFunction function, int rows, int rowsAWarp, int gridRows, int stagedBytes) {
        int shared = shape.on("shared-memory") ? stagedBytes : 0;
        Launcher.allow(function, shared);
        int warps = (rows + rowsAWarp - 1) / rowsAWarp;
        int warpsABlock = shape.on("occupancy")
                ? WarpCount.filling(warps, gridRows, gpu.w().multiprocessors(),
                        n -> function.residentBlocks(n * WARP, shared))
                : WarpCount.USUAL;
        return new LaunchShape(WarpCount.blocks(warps, warpsABlock), gridRows, 1, warpsABlock * WARP, 1, 1, shared);
    }

    /// Rows of a warp of `gemv_bf16_*`, as the kernel has it.
    static int rowsAWarp(int tokens) {
        return tokens < 4 ? 1 : 2;
    }
}
