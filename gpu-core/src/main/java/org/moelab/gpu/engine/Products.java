package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.moelab.gpu.cuda.CublasLt;
import org.moelab.gpu.cuda.CublasLt.Element;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.DeviceMemory;

/// The products planned so far, each shape once: the choice of an algorithm costs the host more than a launch.
final class Products implements AutoCloseable {
    private static final int PATTERN_NUMBERS = 1 << 19;

    private final CublasLt library;
    private final DeviceMemory memory;
    private final CublasLt.Tuning tuning;
    private final DeviceBuffer workspace;
    private final Map<Shape, CublasLt.Product> planned = new HashMap<>();
    private final Set<Shape> tuned = new HashSet<>();

    private record Shape(int tokens, int rows, int inner, int outStride, Element out, boolean bias) {}

    /// @param memory where the library's scratch memory is taken
    /// @param tuning how algorithms are chosen
    Products(CublasLt library, DeviceMemory memory, CublasLt.Tuning tuning) {
        this.library = library;
        this.memory = memory;
        this.tuning = tuning;
        this.workspace = memory.allocate("workspace", Math.max(256, tuning.workspaceBytes()));
    }

    /// out = x · weightsᵀ + bias, see [CublasLt#product].
    ///
    /// @param bias address of the bias, 0 for none
    void run(int tokens, int rows, int inner, long out, int outStride, Element element, long x, long weights, long bias,
            CudaStream stream) {
        planned(new Shape(tokens, rows, inner, outStride, element, bias != 0))
                .run(out, x, weights, bias, workspace.address(), workspace.bytes(), stream);
    }

    /// Chooses the algorithm of a product without bias that a plan holds, on random activations and the very weights.
    ///
    /// @param weights address of those of one layer
    void tune(int tokens, int rows, int inner, int outStride, Element element, long weights, Tuner tuner,
            CudaStream stream) {
        Shape shape = new Shape(tokens, rows, inner, outStride, element, false);
        CublasLt.Product product = planned(shape);
        if (product.candidates() == 1 || !tuned.add(shape)) {
            return;
        }
        List<String> names = IntStream.range(0, product.candidates()).mapToObj(product::candidate).toList();
        String question = String.format(Locale.ROOT, "cublasLt %d x %d x %d, rows of %d %s, workspace %d", tokens, rows,
                inner, outStride, element.name().toLowerCase(Locale.ROOT), tuning.workspaceBytes());
        product.select(tuner.choose(question, names, held -> {
            DeviceBuffer x = held.take(memory.allocate("tuning", 2L * tokens * inner), DeviceBuffer::close);
            DeviceBuffer out = held.take(memory.allocate("tuning", (long) element.bytes() * tokens * outStride),
                    DeviceBuffer::close);
            randomise(x, stream);
            return (candidate, to) -> {
                product.select(candidate);
                product.run(out.address(), x.address(), weights, 0, workspace.address(), workspace.bytes(), to);
            };
        }, stream));
    }

    /// Fills a buffer with bf16 numbers between -1 and 1.
    private static void randomise(DeviceBuffer buffer, CudaStream stream) {
        int count = (int) Math.min(PATTERN_NUMBERS, buffer.bytes() / 2);
        Random random = new Random(1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pattern = arena.allocate(ValueLayout.JAVA_SHORT, count);
            for (int i = 0; i < count; i++) {
                int bits = Float.floatToRawIntBits(2 * random.nextFloat() - 1);
                pattern.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
            }
            for (long at = 0; at < buffer.bytes(); at += pattern.byteSize()) {
                buffer.upload(pattern.asSlice(0, Math.min(pattern.byteSize(), buffer.bytes() - at)), at, stream);
            }
            stream.synchronize();
        }
    }

    private CublasLt.Product planned(Shape shape) {
        return planned.computeIfAbsent(shape,
                s -> library.product(s.tokens, s.rows, s.inner, s.outStride, s.out, s.bias, tuning));
    }

    @Override
    public void close() {
        planned.values().forEach(CublasLt.Product::close);
        workspace.close();
    }
}
