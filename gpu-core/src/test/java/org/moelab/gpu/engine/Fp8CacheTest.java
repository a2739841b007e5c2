package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.model.E3m4;

/// The kernels of a key-value cache in FP8 against plain arithmetic.
@RequiresGpu
class Fp8CacheTest {
    private static final int SIZE = 64;
    private static final int HEADS = 8;
    private static final int KV_HEADS = 2;
    private static final int ROW = (HEADS + 2 * KV_HEADS) * SIZE;
    private static final float SCALE = 0.125f;
    private static final float[] FREQUENCIES = new float[SIZE / 2];

    static {
        for (int i = 0; i < FREQUENCIES.length; i++) {
            FREQUENCIES[i] = (float) Math.pow(1000, -i / 32.0);
        }
    }

    private final KernelFixture gpu;

    Fp8CacheTest() throws CudaUnavailableException {
        gpu = new KernelFixture();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @ParameterizedTest
    @CsvSource({ "1, 0, 1", "5, 7, 1", "3, 2, 300", "2, 3, 1e-4" })
    void append_ofRotatedTokens_isTheNearestOfFp8(int tokens, int first, float deviation) {
        float[] qkv = gpu.numbers(tokens * ROW, deviation);
        float[] bias = gpu.numbers(ROW, deviation / 10);
        Appended found = append(qkv, bias, tokens, first);

        for (int t = 0; t < tokens; t++) {
            for (int head = 0; head < KV_HEADS; head++) {
                double[] rotated = new double[SIZE];
                double[] values = new double[SIZE];
                for (int i = 0; i < SIZE; i++) {
                    int key = (HEADS + head) * SIZE + i;
                    int other = key + (i < SIZE / 2 ? SIZE / 2 : -SIZE / 2);
                    double angle = (first + t) * (double) FREQUENCIES[i % (SIZE / 2)];
                    rotated[i] = (qkv[t * ROW + key] + bias[key]) * Math.cos(angle)
                            + (i < SIZE / 2 ? -1 : 1) * (qkv[t * ROW + other] + bias[other]) * Math.sin(angle);
                    int value = key + KV_HEADS * SIZE;
                    values[i] = qkv[t * ROW + value] + bias[value];
                }
                int slot = (first + t) * KV_HEADS + head;
                near(found.keys, slot, found.scales.get(ValueLayout.JAVA_BYTE, 2L * slot), rotated,
                        "keys, slot " + slot);
                near(found.values, slot, found.scales.get(ValueLayout.JAVA_BYTE, 2L * slot + 1), values,
                        "values, slot " + slot);
            }
        }
        byte[] untouched = found.keys.toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0; i < first * KV_HEADS * SIZE; i++) {
            assertThat(untouched[i]).isEqualTo((byte) 0xFF);
        }
    }

    @Test
    void append_ofNotANumber_givesItsHeadAnInfiniteScale() {
        float[] qkv = gpu.numbers(ROW, 1);
        qkv[HEADS * SIZE + 40] = Float.NaN; // the first head's keys
        qkv[(HEADS + 2 * KV_HEADS) * SIZE - 1] = Float.POSITIVE_INFINITY; // the last head's values
        MemorySegment scales = append(qkv, new float[ROW], 1, 0).scales;

        assertThat(scales.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 255);
        assertThat(scales.get(ValueLayout.JAVA_BYTE, 1)).isNotEqualTo((byte) 255);
        assertThat(scales.get(ValueLayout.JAVA_BYTE, 2)).isNotEqualTo((byte) 255);
        assertThat(scales.get(ValueLayout.JAVA_BYTE, 3)).isEqualTo((byte) 255);
    }

    /// What lies in a cache after one sequence's tokens.
    private record Appended(MemorySegment keys, MemorySegment values, MemorySegment scales) {}

    private Appended append(float[] qkv, float[] bias, int tokens, int first) {
        int capacity = 16;
        DeviceBuffer keys = gpu.poisoned((long) capacity * KV_HEADS * SIZE);
        DeviceBuffer values = gpu.poisoned((long) capacity * KV_HEADS * SIZE);
        DeviceBuffer scales = gpu.poisoned(2L * capacity * KV_HEADS);
        Launcher.of(gpu.kernels, "rope_kv_append_fp8",
                new LaunchShape(tokens, HEADS + KV_HEADS, 1, SIZE / 2, 1, 1, 0)).pointer(gpu.floats(qkv).address())
                .pointer(gpu.halves(bias).address()).pointer(keys.address()).pointer(values.address())
                .pointer(scales.address())
                .pointer(gpu.ints(IntStream.range(first, first + tokens).toArray()).address())
                .pointer(gpu.ints(new int[tokens]).address()).pointer(gpu.floats(FREQUENCIES).address()).float32(1)
                .int32(capacity).int32(HEADS).int32(KV_HEADS).int32(SIZE).run(gpu.stream);

        return new Appended(gpu.download(keys), gpu.download(values), gpu.download(scales));
    }

    /// The scale of the head and its codes, or those of what lies beside it by the error of fp32's sines.
    private static void near(MemorySegment codes, int slot, byte exponent, double[] expected, String what) {
        double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
        double slack = 1e-5 * largest;
        int found = exponent & 0xFF;
        assertThat(found).as("scale of the %s", what).isBetween(E3m4.exponent((float) (largest - slack)),
                E3m4.exponent((float) (largest + slack)));
        float scale = E3m4.power(found);
        for (int i = 0; i < SIZE; i++) {
            byte code = codes.get(ValueLayout.JAVA_BYTE, (long) slot * SIZE + i);
            assertThat((double) E3m4.value(code)).as("number %d of the %s", i, what).isBetween(
                    (double) E3m4.round((float) ((expected[i] - slack) / scale)),
                    (double) E3m4.round((float) ((expected[i] + slack) / scale)));
        }
    }

    @ParameterizedTest
    @CsvSource({ "1, 0, 0", "2, 100, 0", "3, 300, 16", "1, 511, 0" })
    void decode_overTheCache_isAttention(int sequences, int last, int window) {
        Cache cache = new Cache(sequences, last + 3);
        float[] qkv = gpu.numbers(sequences * ROW, 1);
        DeviceBuffer out = gpu.poisoned(2L * sequences * HEADS * SIZE);
        Launcher.of(gpu.kernels, "attention_decode_fp8", new LaunchShape(HEADS, sequences, 1, 256, 1, 1, 0))
                .pointer(out.address()).pointer(gpu.floats(qkv).address()).pointer(cache.keysOnGpu.address())
                .pointer(cache.valuesOnGpu.address()).pointer(cache.scalesOnGpu.address())
                .pointer(gpu.halves(cache.sinks).address())
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
                .pointer(cache.valuesOnGpu.address()).pointer(cache.scalesOnGpu.address())
                .pointer(gpu.halves(cache.sinks).address())
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

    /// A cache of random keys and values, all of it filled, whose heads are of three sizes.
    private final class Cache {
        private final int capacity;
        private final float[] keys;
        private final float[] values;
        private final float[] sinks = gpu.numbers(HEADS, 1);
        private final DeviceBuffer keysOnGpu;
        private final DeviceBuffer valuesOnGpu;
        private final DeviceBuffer scalesOnGpu;

        Cache(int sequences, int capacity) {
            this.capacity = capacity;
            int heads = sequences * capacity * KV_HEADS;
            this.keys = numbers(heads, 3);
            this.values = numbers(heads, 5);
            byte[] scales = new byte[2 * heads];
            this.keysOnGpu = gpu.bytes(rounded(keys, scales, 0));
            this.valuesOnGpu = gpu.bytes(rounded(values, scales, 1));
            this.scalesOnGpu = gpu.bytes(scales);
        }

        /// Heads of deviation 0.5, 1 and 2, in an order that `step` shuffles.
        private float[] numbers(int heads, int step) {
            float[] numbers = gpu.numbers(heads * SIZE, 1);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] *= Math.scalb(1f, i / SIZE / step % 3 - 1);
            }
            return numbers;
        }

        /// The codes of the numbers, which become what the codes stand for.
        private static byte[] rounded(float[] numbers, byte[] scales, int part) {
            byte[] codes = new byte[numbers.length];
            for (int head = 0; head < numbers.length / SIZE; head++) {
                float largest = 0;
                for (int i = head * SIZE; i < (head + 1) * SIZE; i++) {
                    largest = Math.max(largest, Math.abs(numbers[i]));
                }
                int exponent = E3m4.exponent(largest);
                scales[2 * head + part] = (byte) exponent;
                for (int i = head * SIZE; i < (head + 1) * SIZE; i++) {
                    codes[i] = E3m4.nearest(numbers[i] / E3m4.power(exponent));
                    numbers[i] = E3m4.value(codes[i]) * E3m4.power(exponent);
                }
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
                    score += (double) qkv[row * ROW + head * SIZE + d] * keys[at + d];
                }
                double weight = Math.exp(score * SCALE);
                sum += weight;
                for (int d = 0; d < SIZE; d++) {
                    mixed[d] += weight * values[at + d];
                }
            }
            for (int d = 0; d < SIZE; d++) {
                float got = KernelFixture.widen(
                        found.getAtIndex(ValueLayout.JAVA_SHORT, (long) (row * HEADS + head) * SIZE + d));
                assertThat((double) got).as("row %d, head %d, dimension %d", row, head, d)
                        .isCloseTo(mixed[d] / sum, Offset.offset(4e-2)); // bf16 probabilities and results of up to 8
            }
        }
    }
}
