package org.moelab.gpu.bench;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;

import org.moelab.gpu.cuda.CublasLt;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaEvent;
import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.cuda.ParameterBlock;
import org.moelab.gpu.kernels.KernelLibrary;

/// Measures a device's ceilings with the kernels of `probe/`, each timed by events round the single launch.
public final class CeilingProbe {
    /// Threads of a block, in all three kernels.
    static final int THREADS = 256;
    /// 16-byte vectors that a block of `probe_copy` moves.
    static final int COPY_TILE = 4 * THREADS;
    /// Chains that each thread of `probe_fma` carries, and the steps of one of its rounds.
    static final int FMA_CHAINS = 16;
    static final int FMA_STEPS = 8;

    private static final long VECTOR_BYTES = 16;
    private static final long WANTED_BUFFER_BYTES = 2L << 30;
    private static final int FMA_ROUNDS = 8192;
    private static final int FMA_BLOCKS_PER_MULTIPROCESSOR = 8;
    private static final long WARM_UP_NANOS = 300_000_000;
    private static final int REPEATS = 21;
    /// Rows and columns of the matrices.
    private static final int SIDE = 8192;
    private static final long PRODUCT_WORKSPACE_BYTES = 32L << 20;

    private final CudaContext context;
    private final KernelLibrary kernels;
    private final CudaStream stream;

    private CeilingProbe(CudaContext context, KernelLibrary kernels, CudaStream stream) {
        this.context = context;
        this.kernels = kernels;
        this.stream = stream;
    }

    /// Measures, in two or three seconds. What it takes of the device's memory, 4 GiB or half of what is free, is given
    /// back.
    ///
    /// @throws CudaUnavailableException where this build has no kernels for the device
    public static DeviceCeilings measure(CudaContext context) throws CudaUnavailableException {
        return measure(context, Optional.empty());
    }

    /// Measures products on the tensor cores too.
    ///
    /// @param products what computes them
    /// @throws CudaUnavailableException where this build has no kernels for the device
    public static DeviceCeilings measure(CudaContext context, Optional<CublasLt> products)
            throws CudaUnavailableException {
        try (KernelLibrary kernels = KernelLibrary.load(context); CudaStream stream = context.stream()) {
            return new CeilingProbe(context, kernels, stream).measure(products);
        }
    }

    /// How a copy of so many vectors is launched.
    static LaunchShape copyShape(long vectors) {
        return LaunchShape.of(Math.toIntExact(Math.ceilDiv(vectors, COPY_TILE)), THREADS);
    }

    private DeviceCeilings measure(Optional<CublasLt> products) {
        long bytes = Math.min(WANTED_BUFFER_BYTES, context.freeMemoryBytes() / 4) / VECTOR_BYTES * VECTOR_BYTES;
        try (DeviceBuffer source = context.allocate("ceiling probe", bytes);
                DeviceBuffer target = context.allocate("ceiling probe", bytes)) {
            source.fill((byte) 0x3C, stream); // finite as floats
            double copySeconds = copy(target, source);
            double readSeconds = read(target, source);
            return new DeviceCeilings(2.0 * bytes / copySeconds, bytes / readSeconds, fp32Rate(target),
                    products.map(this::bf16Rate), bytes);
        }
    }

    private double bf16Rate(CublasLt library) {
        long matrixBytes = (long) SIDE * SIDE * CublasLt.Element.BF16.bytes();
        try (CublasLt.Product product = library.product(SIDE, SIDE, SIDE, SIDE, CublasLt.Element.BF16, false,
                new CublasLt.Tuning(PRODUCT_WORKSPACE_BYTES, 1));
                DeviceBuffer x = context.allocate("ceiling probe", matrixBytes);
                DeviceBuffer weights = context.allocate("ceiling probe", matrixBytes);
                DeviceBuffer out = context.allocate("ceiling probe", matrixBytes);
                DeviceBuffer workspace = context.allocate("ceiling probe", PRODUCT_WORKSPACE_BYTES)) {
            // the same small number everywhere draws less power than real data: what is reached is an upper bound
            x.fill((byte) 0x3C, stream);
            weights.fill((byte) 0x3C, stream);
            return 2.0 * SIDE * SIDE * SIDE / medianSeconds(() -> product.run(out.address(), x.address(),
                    weights.address(), 0, workspace.address(), workspace.bytes(), stream));
        }
    }

    private double copy(DeviceBuffer target, DeviceBuffer source) {
        long vectors = source.bytes() / VECTOR_BYTES;
        try (Arena arena = Arena.ofConfined()) {
            return medianSeconds(kernels.function("probe_copy"), copyShape(vectors),
                    ParameterBlock.builder().pointer(target).pointer(source).int64(vectors).build(arena));
        }
    }

    private double read(DeviceBuffer sums, DeviceBuffer source) {
        CudaFunction kernel = kernels.function("probe_read");
        int blocks = context.device().multiprocessors() * kernel.residentBlocks(THREADS, 0);
        try (Arena arena = Arena.ofConfined()) {
            return medianSeconds(kernel, LaunchShape.of(blocks, THREADS), ParameterBlock.builder().pointer(sums)
                    .pointer(source).int64(source.bytes() / VECTOR_BYTES).build(arena));
        }
    }

    private double fp32Rate(DeviceBuffer sums) {
        int blocks = context.device().multiprocessors() * FMA_BLOCKS_PER_MULTIPROCESSOR;
        double flops = 2.0 * FMA_CHAINS * FMA_STEPS * FMA_ROUNDS * blocks * THREADS;
        try (Arena arena = Arena.ofConfined()) {
            // a factor below one keeps the chains finite
            return flops / medianSeconds(kernels.function("probe_fma"), LaunchShape.of(blocks, THREADS), ParameterBlock
                    .builder().pointer(sums).int32(FMA_ROUNDS).float32(0.999f).float32(0.5f).build(arena));
        }
    }

    private double medianSeconds(CudaFunction kernel, LaunchShape shape, ParameterBlock parameters) {
        return medianSeconds(() -> kernel.launch(shape, parameters, stream));
    }

    /// The median time of a launch, after the clocks have risen.
    private double medianSeconds(Runnable launch) {
        long warmUntil = System.nanoTime() + WARM_UP_NANOS;
        do {
            launch.run();
            stream.synchronize();
        } while (System.nanoTime() < warmUntil);
        double[] millis = new double[REPEATS];
        try (CudaEvent start = context.event(); CudaEvent end = context.event()) {
            for (int i = 0; i < REPEATS; i++) {
                start.record(stream);
                launch.run();
                end.record(stream);
                end.synchronize();
                millis[i] = end.millisSince(start);
            }
        }
        Arrays.sort(millis);
        return millis[REPEATS / 2] / 1e3;
    }
}
