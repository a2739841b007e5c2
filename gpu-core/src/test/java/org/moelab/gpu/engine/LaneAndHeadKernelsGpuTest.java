package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.technique.Catalogue;

/// Kernels with and without `warp-shuffle` and `gqa` against plain arithmetic.
@RequiresGpu
class LaneAndHeadKernelsGpuTest {
    private static final int SIZE = 64;
    private static final float SCALE = 0.125f;
    private static final float EPSILON = 1e-5f;
    /// What rounding to bf16 does to a number of attention, which is of the size of one.
    private static final double ROUNDING = 0.03;
    private static final float[] FREQUENCIES = new float[SIZE / 2];

    static {
        for (int i = 0; i < FREQUENCIES.length; i++) {
            FREQUENCIES[i] = (float) Math.pow(1000, -i / 32.0);
        }
    }

    private final KernelFixture gpu;

    LaneAndHeadKernelsGpuTest() throws CudaUnavailableException {
        gpu = new KernelFixture();
    }

    @BeforeEach
    void requireCompiler() {
        Assumptions.assumeTrue(LibraryFinder.of(Host.current()).find(CudaLibrary.RTC).isPresent(),
                "NVRTC is not installed: no technique can be left out of a kernel");
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    /// A kernel without some techniques, launched as usual.
    private CudaFunction function(String kernel, Set<String> off) {
        Catalogue catalogue = Catalogue.load();
        Set<String> on = new HashSet<>(catalogue.upTo(catalogue.top()));
        on.remove("dependent-launch");
        on.removeAll(off);
        CudaFunction function = gpu.kernels.function(kernel, on);
        assertThat(function.name().contains("__without_")).isEqualTo(!off.isEmpty());
        return function;
    }

    private static Set<String> techniques(String text) {
        return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource({ "'', 8, 1, 0, 0", "gqa, 8, 1, 0, 0", "gqa, 8, 1, 5, 0", "gqa, 8, 2, 63, 0", "gqa, 64, 8, 519, 0",
            "gqa, 16, 2, 700, 128", "gqa, 4, 4, 77, 20", "warp-shuffle, 8, 1, 0, 0", "warp-shuffle, 64, 8, 519, 0",
            "warp-shuffle, 16, 2, 300, 128", "gqa warp-shuffle, 64, 8, 519, 0", "gqa warp-shuffle, 8, 1, 1000, 20" })
    void cluster_ofANewToken_isAttentionAndKeepsIt(String off, int heads, int kvHeads, int last, int window) {
        Set<String> left = techniques(off);
        int sequences = 2;
        int capacity = last + 2;
        int row = (heads + 2 * kvHeads) * SIZE;
        float[] qkv = gpu.numbers(sequences * row, 1);
        float[] keys = gpu.numbers(sequences * capacity * kvHeads * SIZE, 1);
        float[] values = gpu.numbers(sequences * capacity * kvHeads * SIZE, 1);
        float[] sinks = gpu.numbers(heads, 1);
        DeviceBuffer out = gpu.poisoned(2L * sequences * heads * SIZE);
        DeviceBuffer keysOnGpu = gpu.halves(keys);
        DeviceBuffer valuesOnGpu = gpu.halves(values);
        int clusters = left.contains("gqa") ? heads : kvHeads;
        Launcher.of(function("attention_cluster", left),
                new LaunchShape(8 * clusters, sequences, 1, 256, 1, 1, 0).inClustersOf(8)).pointer(out.address())
                .pointer(gpu.floats(qkv).address()).pointer(keysOnGpu.address()).pointer(valuesOnGpu.address())
                .pointer(gpu.halves(sinks).address()).pointer(gpu.ints(last, last).address())
                .pointer(gpu.ints(1, 0).address()).pointer(gpu.floats(FREQUENCIES).address()).float32(1)
                .int32(capacity).int32(window).float32(SCALE).int32(heads).int32(kvHeads).run(gpu.stream);

        MemorySegment found = gpu.download(out);
        MemorySegment kept = gpu.download(keysOnGpu);
        for (int token = 0; token < sequences; token++) {
            for (int head = 0; head < heads; head++) {
                int kvHead = head / (heads / kvHeads);
                double[] query = rotated(qkv, token * row + head * SIZE, last);
                int place = (((1 - token) * capacity + last) * kvHeads + kvHead) * SIZE;
                double[] newKey = rotated(qkv, token * row + (heads + kvHead) * SIZE, last);
                for (int i = 0; i < SIZE; i++) {
                    keys[place + i] = (float) newKey[i];
                    values[place + i] = qkv[token * row + (heads + kvHeads + kvHead) * SIZE + i];
                    assertThat(bf16(kept, place + i)).as("key kept").isCloseTo(newKey[i], within(ROUNDING));
                }
                int first = window == 0 ? 0 : Math.max(0, last - window + 1);
                double[] expected = attention(query, keys, values, sinks[head],
                        IntStream.rangeClosed(first, last)
                                .map(p -> place + (p - last) * kvHeads * SIZE).toArray());
                for (int i = 0; i < SIZE; i++) {
                    assertThat(bf16(found, (token * heads + head) * SIZE + i)).as("token %s, head %s", token, head)
                            .isCloseTo(expected[i], within(ROUNDING));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "'', 65, 0", "warp-shuffle, 2, 0", "warp-shuffle, 65, 0", "warp-shuffle, 300, 0",
            "warp-shuffle, 300, 20" })
    void flash_ofManyNewTokens_isAttention(String off, int added, int window) {
        int heads = 8;
        int kvHeads = 2;
        int row = (heads + 2 * kvHeads) * SIZE;
        float[] qkv = gpu.numbers(added * row, 1);
        float[] keys = gpu.numbers(added * kvHeads * SIZE, 1);
        float[] values = gpu.numbers(added * kvHeads * SIZE, 1);
        float[] sinks = gpu.numbers(heads, 1);
        DeviceBuffer out = gpu.poisoned(2L * added * heads * SIZE);
        Launcher.of(function("attention_flash", techniques(off)),
                new LaunchShape(Math.ceilDiv(added, 64), heads, 1, 128, 1, 1, 0)).pointer(out.address())
                .pointer(gpu.floats(qkv).address()).pointer(gpu.halves(keys).address())
                .pointer(gpu.halves(values).address()).pointer(gpu.halves(sinks).address())
                .pointer(gpu.ints(IntStream.range(0, added).toArray()).address())
                .pointer(gpu.ints(new int[added]).address()).int32(added).int32(added).int32(window).float32(SCALE)
                .int32(row).int32(heads).int32(kvHeads).run(gpu.stream);

        MemorySegment found = gpu.download(out);
        for (int token = 0; token < added; token++) {
            for (int head = 0; head < heads; head++) {
                double[] query = new double[SIZE];
                for (int i = 0; i < SIZE; i++) {
                    query[i] = qkv[token * row + head * SIZE + i];
                }
                int kvHead = head / (heads / kvHeads);
                int first = window == 0 ? 0 : Math.max(0, token - window + 1);
                double[] expected = attention(query, keys, values, sinks[head],
                        IntStream.rangeClosed(first, token).map(p -> (p * kvHeads + kvHead) * SIZE).toArray());
                for (int i = 0; i < SIZE; i++) {
                    assertThat(bf16(found, (token * heads + head) * SIZE + i)).as("token %s, head %s", token, head)
                            .isCloseTo(expected[i], within(ROUNDING));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "'', 32, 11, 256", "warp-shuffle, 32, 11, 256", "warp-shuffle, 7, 8, 256",
            "warp-shuffle, 128, 1, 2880" })
    void tiledRouter_ofManyTokens_isTheProductOfTheNormedOnes(String off, int experts, int tokens, int width) {
        Router router = new Router(experts, tokens, width);
        DeviceBuffer logits = gpu.poisoned(4L * tokens * experts);
        Launcher.of(function("router_logits_tiled", techniques(off)),
                LaunchShape.of(Math.ceilDiv(tokens, 8), 256).withSharedBytes(8 * 4 * width))
                .pointer(logits.address()).pointer(gpu.floats(router.x).address())
                .pointer(gpu.halves(router.norm).address()).pointer(gpu.halves(router.weights).address())
                .pointer(gpu.halves(router.bias).address()).int32(tokens).int32(experts).int32(width).float32(EPSILON)
                .run(gpu.stream);

        MemorySegment found = gpu.download(logits);
        for (int token = 0; token < tokens; token++) {
            double[] expected = router.logits(token);
            for (int e = 0; e < experts; e++) {
                assertThat((double) found.getAtIndex(ValueLayout.JAVA_FLOAT, (long) token * experts + e))
                        .isCloseTo(expected[e], within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "'', 32, 2, 2880", "warp-shuffle, 32, 2, 2880", "warp-shuffle, 8, 8, 256",
            "warp-shuffle, 256, 1, 4096" })
    void clusterRouter_ofAToken_choosesTheExpertsOfTheLargestLogits(String off, int experts, int tokens, int width) {
        int chosen = 4;
        Router router = new Router(experts, tokens, width);
        DeviceBuffer normed = gpu.poisoned(2L * tokens * width);
        DeviceBuffer ids = gpu.poisoned(4L * tokens * chosen);
        DeviceBuffer routing = gpu.poisoned(4L * tokens * chosen);
        Launcher.of(function("norm_route", techniques(off)),
                LaunchShape.of(8 * tokens, 256).inClustersOf(8)).pointer(normed.address()).pointer(ids.address())
                .pointer(routing.address()).pointer(gpu.floats(router.x).address())
                .pointer(gpu.halves(router.norm).address()).pointer(gpu.halves(router.weights).address())
                .pointer(gpu.halves(router.bias).address()).int32(experts).int32(chosen).int32(width).float32(EPSILON)
                .run(gpu.stream);

        MemorySegment foundIds = gpu.download(ids);
        MemorySegment foundWeights = gpu.download(routing);
        for (int token = 0; token < tokens; token++) {
            double[] logits = router.logits(token);
            List<Integer> order = IntStream.range(0, experts).boxed()
                    .sorted(Comparator.comparingDouble((Integer e) -> -logits[e])).limit(chosen).toList();
            double sum = order.stream().mapToDouble(e -> Math.exp(logits[e])).sum();
            for (int i = 0; i < chosen; i++) {
                long at = (long) token * chosen + i;
                assertThat(foundIds.getAtIndex(ValueLayout.JAVA_INT, at)).isEqualTo(order.get(i));
                assertThat((double) foundWeights.getAtIndex(ValueLayout.JAVA_FLOAT, at))
                        .isCloseTo(Math.exp(logits[order.get(i)]) / sum, within(1e-4));
            }
        }
    }

    /// Hidden states and a router, of which two experts are the same: the lower one comes first.
    private final class Router {
        private final int experts;
        private final int width;
        private final float[] x;
        private final float[] norm;
        private final float[] weights;
        private final float[] bias;

        Router(int experts, int tokens, int width) {
            this.experts = experts;
            this.width = width;
            this.x = gpu.numbers(tokens * width, 1);
            this.norm = gpu.numbers(width, 1);
            this.weights = gpu.numbers(experts * width, 0.05f);
            this.bias = gpu.numbers(experts, 1);
            System.arraycopy(weights, 3 * width, weights, 5 * width, width);
            bias[3] = 8;
            bias[5] = 8;
        }

        double[] logits(int token) {
            double square = 0;
            for (int i = 0; i < width; i++) {
                square += x[token * width + i] * (double) x[token * width + i];
            }
            double scale = 1 / Math.sqrt(square / width + EPSILON);
            double[] logits = new double[experts];
            for (int e = 0; e < experts; e++) {
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += (double) weights[e * width + i] * x[token * width + i] * norm[i];
                }
                logits[e] = sum * scale + bias[e];
            }
            return logits;
        }
    }

    /// A head at a position, turned.
    private static double[] rotated(float[] numbers, int at, int position) {
        double[] rotated = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            double angle = position * (double) FREQUENCIES[i % (SIZE / 2)];
            double other = numbers[at + (i + SIZE / 2) % SIZE];
            rotated[i] = numbers[at + i] * Math.cos(angle) + (i < SIZE / 2 ? -other : other) * Math.sin(angle);
        }
        return rotated;
    }

    /// Attention of a query over the keys and values that begin at `places`.
    private static double[] attention(double[] query, float[] keys, float[] values, float sink, int[] places) {
        double total = Math.exp(sink);
        double[] mixed = new double[SIZE];
        for (int place : places) {
            double score = 0;
            for (int i = 0; i < SIZE; i++) {
                score += query[i] * keys[place + i];
            }
            double weight = Math.exp(score * SCALE);
            total += weight;
            for (int i = 0; i < SIZE; i++) {
                mixed[i] += weight * values[place + i];
            }
        }
        for (int i = 0; i < SIZE; i++) {
            mixed[i] /= total;
        }
        return mixed;
    }

    private static double bf16(MemorySegment numbers, int index) {
        return KernelFixture.widen(numbers.getAtIndex(ValueLayout.JAVA_SHORT, index));
    }
}
