package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.model.E4m3;

/// The kernels of a key-value cache in FP8 against plain arithmetic.
@RequiresGpu
class Fp8CacheTest {
    private static final int SIZE = 64;
    private static final int HEADS = 8;
    private static final int KV_HEADS = 2;
    private static final int ROW = (HEADS + 2 * KV_HEADS) * SIZE;
    private static final float SCALE = 0.125f;

    private final KernelFixture gpu;

    Fp8CacheTest() throws CudaUnavailableException {
        gpu = new KernelFixture();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @ParameterizedTest
    @CsvSource({ "1, 0, 1", "5, 7, 1", "3, 2, 300" })
    void append_ofRotatedTokens_isTheNearestOfFp8(int tokens, int first, float deviation) {
        int capacity = 16;
        float[] qkv = gpu.numbers(tokens * ROW, deviation); // of 300 some are too large
        float[] bias = gpu.numbers(ROW, 0.1f);
        float[] frequencies = new float[SIZE / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) Math.pow(1000, -i / 32.0);
        }
        DeviceBuffer keys = gpu.poisoned((long) capacity * KV_HEADS * SIZE);
        DeviceBuffer values = gpu.poisoned((long) capacity * KV_HEADS * SIZE);
        Launcher.of(gpu.kernels, "rope_kv_append_fp8",
                new LaunchShape(tokens, HEADS + KV_HEADS, 1, SIZE / 2, 1, 1, 0)).pointer(gpu.floats(qkv).address())
                .pointer(gpu.halves(bias).address()).pointer(keys.address()).pointer(values.address())
                .pointer(gpu.ints(IntStream.range(first, first + tokens).toArray()).address())
                .pointer(gpu.ints(new int[tokens]).address()).pointer(gpu.floats(frequencies).address()).float32(1)
                .int32(capacity).int32(HEADS).int32(KV_HEADS).int32(SIZE).run(gpu.stream);

        MemorySegment foundKeys = gpu.download(keys);
        MemorySegment foundValues = gpu.download(values);
        for (int t = 0; t < tokens; t++) {
            for (int i = 0; i < KV_HEADS * SIZE; i++) {
                int slot = (first + t) * KV_HEADS * SIZE + i;
                int key = HEADS * SIZE + i;
                int inHead = i % SIZE;
                int other = key + (inHead < SIZE / 2 ? SIZE / 2 : -SIZE / 2);
                double angle = (first + t) * (double) frequencies[inHead % (SIZE / 2)];
                double rotated = (qkv[t * ROW + key] + bias[key]) * Math.cos(angle)
                        + (inHead < SIZE / 2 ? -1 : 1) * (qkv[t * ROW + other] + bias[other]) * Math.sin(angle);
                near(foundKeys.get(ValueLayout.JAVA_BYTE, slot), rotated, "key " + i + " of token " + t);
                int value = key + KV_HEADS * SIZE;
                near(foundValues.get(ValueLayout.JAVA_BYTE, slot), qkv[t * ROW + value] + bias[value],
                        "value " + i + " of token " + t);
            }
        }
        byte[] untouched = foundKeys.toArray(ValueLayout.JAVA_BYTE);
        for (int slot = 0; slot < first * KV_HEADS * SIZE; slot++) {
            assertThat(untouched[slot]).isEqualTo((byte) 0xFF);
        }
    }

    /// The code of the number, or of what lies beside it by the error of fp32's sines.
    private static void near(byte found, double expected, String what) {
        double slack = 1e-5 * Math.max(1, Math.abs(expected));
        assertThat((double) E4m3.value(found)).as(what).isBetween((double) E4m3.round((float) (expected - slack)),
                (double) E4m3.round((float) (expected + slack)));
    }

    @ParameterizedTest
    @CsvSource({ "1, 0, 0", "2, 100, 0", "3, 300, 16", "1, 511, 0" })
    void decode_overTheCache_isAttention(int sequences, int last, int window) {
        Cache cache = new Cache(sequences, last + 3);
        float[] qkv = gpu.numbers(sequences * ROW, 1);
        DeviceBuffer out = gpu.poisoned(2L * sequences * HEADS * SIZE);
        Launcher.of(gpu.kernels, "attention_decode_fp8", new LaunchShape(HEADS, sequences, 1, 256, 1, 1, 0))
                .pointer(out.address()).pointer(gpu.floats(qkv).address()).pointer(cache.keysOnGpu.address())
                .pointer(cache.valuesOnGpu.address()).pointer(gpu.halves(cache.sinks).address())
                .pointer(gpu.ints(IntStream.range(0, sequences).map(_ -> last).toArray()).address())
                .pointer(gpu.ints(IntStream.range(0, sequences).toArray()).address()).int32(cache.capacity)
                .int32(window).float32(SCALE).int32(ROW).int32(HEADS).int32(KV_HEADS).run(gpu.stream);

        MemorySegment found = gpu.download(out);
        for (int s = 0; s < sequences; s++) {
            for (int head = 0; head < HEADS; head++) {
                cache.check(found, s, s, head, last, window, qkv);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "1, 2, 0, 0", "2, 65, 0, 0", "1, 130, 70, 0", "2, 100, 31, 16" })
    void flash_overTheCache_isAttention(int sequences, int added, int before, int window) {
        Cache cache = new Cache(sequences, before + added + 3);
        float[] qkv = gpu.numbers(sequences * added * ROW, 1);
        DeviceBuffer out = gpu.poisoned(2L * sequences * added * HEADS * SIZE);
        Launcher.of(gpu.kernels, "attention_flash_fp8",
                new LaunchShape(Math.ceilDiv(added, 64), HEADS, sequences, 128, 1, 1, 0)).pointer(out.address())
                .pointer(gpu.floats(qkv).address()).pointer(cache.keysOnGpu.address())
                .pointer(cache.valuesOnGpu.address()).pointer(gpu.halves(cache.sinks).address())
                .pointer(gpu.ints(IntStream.range(0, sequences * added).map(row -> before + row % added).toArray())
                        .address())
                .pointer(gpu.ints(IntStream.range(0, sequences * added).map(row -> row / added).toArray()).address())
                .int32(added).int32(cache.capacity).int32(window).float32(SCALE).int32(ROW).int32(HEADS)
                .int32(KV_HEADS).run(gpu.stream);

        MemorySegment found = gpu.download(out);
        for (int row = 0; row < sequences * added; row++) {
            for (int head = 0; head < HEADS; head++) {
                cache.check(found, row, row / added, head, before + row % added, window, qkv);
            }
        }
    }

    /// A cache of random keys and values, all of it filled.
    private final class Cache {
        private final int capacity;
        private final byte[] keys;
        private final byte[] values;
        private final float[] sinks = gpu.numbers(HEADS, 1);
        private final DeviceBuffer keysOnGpu;
        private final DeviceBuffer valuesOnGpu;

        Cache(int sequences, int capacity) {
            this.capacity = capacity;
            this.keys = codes(sequences * capacity * KV_HEADS * SIZE);
            this.values = codes(sequences * capacity * KV_HEADS * SIZE);
            this.keysOnGpu = gpu.bytes(keys);
            this.valuesOnGpu = gpu.bytes(values);
        }

        private byte[] codes(int count) {
            float[] numbers = gpu.numbers(count, 1);
            byte[] codes = new byte[count];
            for (int i = 0; i < count; i++) {
                codes[i] = E4m3.nearest(numbers[i]);
            }
            return codes;
        }

        /// Holds what one head of one row gave against softmax over the keys it sees and its sink.
        void check(MemorySegment found, int row, int sequence, int head, int last, int window, float[] qkv) {
            int first = window == 0 ? 0 : Math.max(0, last - window + 1);
            double[] mixed = new double[SIZE];
            double sum = Math.exp(sinks[head]);
            for (int key = first; key <= last; key++) {
                int at = ((sequence * capacity + key) * KV_HEADS + head / (HEADS / KV_HEADS)) * SIZE;
                double score = 0;
                for (int d = 0; d < SIZE; d++) {
                    score += (double) qkv[row * ROW + head * SIZE + d] * E4m3.value(keys[at + d]);
                }
                double weight = Math.exp(score * SCALE);
                sum += weight;
                for (int d = 0; d < SIZE; d++) {
                    mixed[d] += weight * E4m3.value(values[at + d]);
                }
            }
            for (int d = 0; d < SIZE; d++) {
                float got = KernelFixture.widen(
                        found.getAtIndex(ValueLayout.JAVA_SHORT, (long) (row * HEADS + head) * SIZE + d));
                assertThat((double) got).as("row %d, head %d, dimension %d", row, head, d)
                        .isCloseTo(mixed[d] / sum, Offset.offset(2e-2)); // bf16 probabilities and results of size 1
            }
        }
    }
}
