package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.RandomNumbers;

/// A GPU with the kernels and memory to try one on. Closing gives all back and sees to it that nothing is left.
final class KernelFixture implements AutoCloseable {
    final CudaContext context;
    final KernelLibrary kernels;
    final CudaStream stream;
    private final Arena arena = Arena.ofConfined();
    private final Held held = new Held();
    private final Random random = new Random(11);

    KernelFixture() throws CudaUnavailableException {
        held.take(arena, Arena::close);
        context = held.take(RequiresGpu.Condition.open(), CudaContext::close);
        held.take(context, c -> assertThat(c.ledger().outstanding()).isEqualTo("nothing"));
        kernels = held.take(KernelLibrary.load(context), KernelLibrary::close);
        stream = held.take(context.stream(), CudaStream::close);
    }

    /// Normally distributed numbers that are bf16 ones.
    float[] numbers(int count, float deviation) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = bf16((float) random.nextGaussian() * deviation);
        }
        return numbers;
    }

    private static float bf16(float number) {
        return widen(RandomNumbers.toBf16(number));
    }

    /// The number that bits of bf16 are.
    static float widen(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// Device memory of not-a-numbers.
    DeviceBuffer poisoned(long bytes) {
        DeviceBuffer buffer = held.take(context.allocate("test", bytes), DeviceBuffer::close);
        buffer.fill((byte) 0xFF, stream);
        return buffer;
    }

    DeviceBuffer floats(float[] numbers) {
        return upload(arena.allocateFrom(ValueLayout.JAVA_FLOAT, numbers));
    }

    DeviceBuffer halves(float[] numbers) {
        MemorySegment packed = arena.allocate(2L * numbers.length, 2);
        for (int i = 0; i < numbers.length; i++) {
            packed.setAtIndex(ValueLayout.JAVA_SHORT, i, RandomNumbers.toBf16(numbers[i]));
        }
        return upload(packed);
    }

    DeviceBuffer ints(int... numbers) {
        return upload(arena.allocateFrom(ValueLayout.JAVA_INT, numbers));
    }

    DeviceBuffer bytes(byte[] numbers) {
        return upload(arena.allocateFrom(ValueLayout.JAVA_BYTE, numbers));
    }

    private DeviceBuffer upload(MemorySegment content) {
        DeviceBuffer buffer = held.take(context.allocate("test", content.byteSize()), DeviceBuffer::close);
        buffer.upload(content, 0, stream);
        return buffer;
    }

    MemorySegment download(DeviceBuffer buffer) {
        MemorySegment content = arena.allocate(buffer.bytes(), 16);
        buffer.download(content, 0, stream);
        stream.synchronize();
        return content;
    }

    @Override
    public void close() {
        held.close();
    }
}
