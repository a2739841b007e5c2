package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.util.function.UnaryOperator;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.cuda.ParameterBlock;
import org.moelab.gpu.kernels.KernelLibrary;

/// A kernel's launch in the making: the shape, then the parameters in order.
final class Launcher {
    private static final LaunchShape ONE_THREAD = LaunchShape.of(1, 1);

    private final CudaFunction function;
    private final LaunchShape shape;
    private final ParameterBlock.Builder parameters = ParameterBlock.builder();

    /// A kernel whose parameters are laid out once and which is launched in any shape, some parameters replaced.
    record Repeated(CudaFunction function, ParameterBlock parameters) {
        /// Launches once. The parameters are read before the call returns.
        void run(LaunchShape shape, CudaStream stream) {
            function.launch(shape, parameters, stream);
        }
    }

    private Launcher(CudaFunction function, LaunchShape shape) {
        this.function = function;
        this.shape = shape;
    }

    static Launcher of(KernelLibrary kernels, String kernel, int blocks, int threads) {
        return new Launcher(kernels.function(kernel), LaunchShape.of(blocks, threads));
    }

    static Launcher of(KernelLibrary kernels, String kernel, LaunchShape shape) {
        return of(kernels.function(kernel), shape);
    }

    static Launcher of(CudaFunction function, LaunchShape shape) {
        allow(function, shape.dynamicSharedBytes());
        return new Launcher(function, shape);
    }

    /// Lets a kernel have so much dynamic shared memory: more than 48 KiB, its static one counted in, needs leave.
    static void allow(CudaFunction function, int dynamicSharedBytes) {
        if (dynamicSharedBytes > 40 * 1024) {
            function.allowDynamicSharedBytes(dynamicSharedBytes);
        }
    }

    /// A launch whose shape is given each time: see [#repeated].
    static Launcher of(KernelLibrary kernels, String kernel) {
        return of(kernels.function(kernel));
    }

    /// A launch whose shape is given each time: see [#repeated].
    static Launcher of(CudaFunction function) {
        return new Launcher(function, ONE_THREAD);
    }

    Launcher pointer(long address) {
        parameters.pointer(address);
        return this;
    }

    /// Several in their order.
    Launcher pointers(long... addresses) {
        for (long address : addresses) {
            parameters.pointer(address);
        }
        return this;
    }

    Launcher int32(int value) {
        parameters.int32(value);
        return this;
    }

    Launcher int64(long value) {
        parameters.int64(value);
        return this;
    }

    Launcher float32(float value) {
        parameters.float32(value);
        return this;
    }

    /// What somebody else adds.
    Launcher and(UnaryOperator<Launcher> more) {
        return more.apply(this);
    }

    /// Launches once.
    void run(CudaStream stream) {
        try (Arena arena = Arena.ofConfined()) {
            function.launch(shape, parameters.build(arena), stream);
        }
    }

    /// A launch to be repeated, its parameters laid out once.
    Operation.Launch prepared(Arena arena) {
        ParameterBlock block = parameters.build(arena);
        return (stream, _) -> function.launch(shape, block, stream);
    }

    /// A launch to be repeated in other shapes and with other values, its parameters laid out once.
    Repeated repeated(Arena arena) {
        return new Repeated(function, parameters.build(arena));
    }
}
