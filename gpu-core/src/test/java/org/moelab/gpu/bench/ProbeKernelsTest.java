package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.cuda.ParameterBlock;
import org.moelab.gpu.kernels.KernelLibrary;

@RequiresGpu
class ProbeKernelsTest {
    private static final byte POISON = (byte) 0xFF; // NaN as floats

    private final Arena arena = Arena.ofConfined();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final CudaContext context;
    private final KernelLibrary kernels;
    private final CudaStream stream;

    ProbeKernelsTest() throws CudaUnavailableException {
        context = opened(RequiresGpu.Condition.open());
        kernels = opened(KernelLibrary.load(context));
        stream = opened(context.stream());
    }

    @BeforeEach
    void bindThread() {
        context.makeCurrent();
    }

    @AfterEach
    void close() throws Exception {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
        arena.close();
        assertThat(context.ledger().outstanding()).isEqualTo("nothing");
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 255, 1024, 1025, 4099, 1_000_003 })
    void copy_oddSizes_givesTheSameBytesAndTouchesNothingElse(int vectors) {
        MemorySegment source = ramp(vectors * 4L);
        DeviceBuffer from = upload("source", source);
        DeviceBuffer to = poisoned("target", source.byteSize() + 16);

        kernels.function("probe_copy").launch(CeilingProbe.copyShape(vectors),
                ParameterBlock.builder().pointer(to).pointer(from).int64(vectors).build(arena), stream);

        MemorySegment result = download(to);
        assertThat(result.asSlice(0, source.byteSize()).mismatch(source)).isEqualTo(-1);
        for (long i = source.byteSize(); i < result.byteSize(); i++) {
            assertThat(result.get(ValueLayout.JAVA_BYTE, i)).isEqualTo(POISON);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 255, 2048, 2049, 8197, 1_000_003 })
    void read_oddSizes_sumsExactly(int vectors) {
        MemorySegment source = ramp(vectors * 4L);
        DeviceBuffer from = upload("source", source);
        int blocks = 37;
        DeviceBuffer sums = poisoned("sums", blocks * 4L);

        kernels.function("probe_read").launch(LaunchShape.of(blocks, CeilingProbe.THREADS),
                ParameterBlock.builder().pointer(sums).pointer(from).int64(vectors).build(arena), stream);

        double expected = 0; // whole numbers: every order of addition gives the same
        for (long i = 0; i < vectors * 4L; i++) {
            expected += source.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        MemorySegment result = download(sums);
        double sum = 0;
        for (int i = 0; i < blocks; i++) {
            sum += result.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        assertThat(sum).isEqualTo(expected);
    }

    @Test
    void fma_fewRounds_isBitForBitTheReference() {
        int blocks = 3;
        int rounds = 5;
        int threads = blocks * CeilingProbe.THREADS;
        DeviceBuffer sums = poisoned("sums", threads * 4L);

        kernels.function("probe_fma").launch(LaunchShape.of(blocks, CeilingProbe.THREADS), ParameterBlock.builder()
                .pointer(sums).int32(rounds).float32(0.999f).float32(0.5f).build(arena), stream);

        MemorySegment result = download(sums);
        for (int thread = 0; thread < threads; thread++) {
            assertThat(result.getAtIndex(ValueLayout.JAVA_FLOAT, thread)).as("thread %d", thread)
                    .isEqualTo(fmaReference(thread, rounds));
        }
    }

    @Test
    void allocate_moreThanThereIs_saysForWhatAndLeavesNothing() {
        assertThatThrownBy(() -> context.allocate("too much", 1L << 50)).isInstanceOf(CudaException.class)
                .hasMessageContaining("too much").hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY");
        assertThat(context.ledger().bytes()).isZero();
    }

    @Test
    void measure_thisDevice_givesEachCeilingAndTheMemoryBack() throws CudaUnavailableException {
        DeviceCeilings ceilings = CeilingProbe.measure(context);

        assertThat(ceilings.copyBytesPerSecond()).isPositive().isFinite();
        assertThat(ceilings.readBytesPerSecond()).isPositive().isFinite();
        assertThat(ceilings.fp32FlopPerSecond()).isPositive().isFinite();
        assertThat(context.ledger().bytes()).isZero();
    }

    private static float fmaReference(int thread, int rounds) {
        float sum = 0;
        for (int chain = 0; chain < CeilingProbe.FMA_CHAINS; chain++) {
            float x = thread % 64 + chain;
            for (int step = 0; step < rounds * CeilingProbe.FMA_STEPS; step++) {
                x = Math.fma(x, 0.999f, 0.5f);
            }
            sum += x;
        }
        return sum;
    }

    /// Whole numbers 0 to 6, over and over: their sums are exact in fp32.
    private MemorySegment ramp(long floats) {
        MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, floats);
        for (long i = 0; i < floats; i++) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (i % 7));
        }
        return values;
    }

    private DeviceBuffer upload(String purpose, MemorySegment content) {
        DeviceBuffer buffer = opened(context.allocate(purpose, content.byteSize()));
        buffer.upload(content, 0, stream);
        return buffer;
    }

    private DeviceBuffer poisoned(String purpose, long bytes) {
        DeviceBuffer buffer = opened(context.allocate(purpose, bytes));
        buffer.fill(POISON, stream);
        return buffer;
    }

    private MemorySegment download(DeviceBuffer buffer) {
        MemorySegment content = arena.allocate(buffer.bytes(), 16);
        buffer.download(content, 0, stream);
        stream.synchronize();
        return content;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        resources.push(resource);
        return resource;
    }
}
