package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.bench.Verification;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.kernels.FusedGroup;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

/// Kernels composed of row-wise operations against plain arithmetic, and in a model.
@RequiresGpu
class FusedGroupsGpuTest {
    private static final float EPSILON = 1e-5f;
    private final KernelFixture gpu;

    FusedGroupsGpuTest() throws CudaUnavailableException {
        gpu = new KernelFixture();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @ParameterizedTest
    @CsvSource({ "1, 4, 1", "3, 100, 2", "300, 96, 5", "9, 2880, 4", "300, 2880, 4", "2, 8196, 3" })
    void combineAndNorm_ofRows_areThoseOfPlainArithmetic(int tokens, int width, int chosen) {
        if (compilerLacks()) {
            return;
        }
        float[] x = gpu.numbers(tokens * width, 1);
        float[] y = gpu.numbers(tokens * chosen * width, 1);
        float[] weight = gpu.numbers(width, 1);
        float[] routing = gpu.numbers(tokens * chosen, 1);
        int[] places = shuffled(tokens * chosen);
        double[] sums = new double[x.length];
        for (int at = 0; at < x.length; at++) {
            int token = at / width;
            sums[at] = x[at];
            for (int k = token * chosen; k < (token + 1) * chosen; k++) {
                sums[at] += (double) routing[k] * y[places[k] * width + at % width];
            }
        }
        DeviceBuffer hidden = gpu.floats(x);
        DeviceBuffer out = gpu.poisoned(2L * tokens * width);

        launch("combine_experts", tokens, width, chosen)
                .pointers(hidden.address(), gpu.floats(y).address(), gpu.ints(places).address(),
                        gpu.floats(routing).address())
                .int32(chosen).int32(width).pointers(out.address(), 0, gpu.halves(weight).address()).int32(width)
                .float32(EPSILON).run(gpu.stream);

        requireNormed(hidden, out, sums, weight, width);
    }

    @ParameterizedTest
    @CsvSource({ "1, 4", "3, 100", "300, 2880" })
    void residualAndNorm_ofRows_areThoseOfPlainArithmetic(int tokens, int width) {
        if (compilerLacks()) {
            return;
        }
        float[] x = gpu.numbers(tokens * width, 1);
        float[] delta = gpu.numbers(tokens * width, 1);
        float[] bias = gpu.numbers(width, 1);
        float[] weight = gpu.numbers(width, 1);
        double[] sums = new double[x.length];
        Arrays.setAll(sums, at -> (double) x[at] + delta[at] + bias[at % width]);
        DeviceBuffer hidden = gpu.floats(x);
        DeviceBuffer out = gpu.poisoned(2L * tokens * width);

        launch("add_residual", tokens, width, 1)
                .pointers(hidden.address(), gpu.floats(delta).address(), gpu.halves(bias).address()).int32(width)
                .pointers(out.address(), 0, gpu.halves(weight).address()).int32(width).float32(EPSILON)
                .run(gpu.stream);

        requireNormed(hidden, out, sums, weight, width);
    }

    @ParameterizedTest
    @CsvSource({ "1, 4", "3, 100", "300, 2880" })
    void embeddingAndNorm_ofTokens_areThoseOfPlainArithmetic(int tokens, int width) {
        if (compilerLacks()) {
            return;
        }
        float[] table = gpu.numbers(7 * width, 1);
        float[] weight = gpu.numbers(width, 1);
        int[] ids = new Random(2).ints(tokens, 0, 7).toArray();
        double[] sums = new double[tokens * width];
        Arrays.setAll(sums, at -> table[ids[at / width] * width + at % width]);
        DeviceBuffer hidden = gpu.poisoned(4L * tokens * width);
        DeviceBuffer out = gpu.poisoned(2L * tokens * width);

        launch("embed_tokens", tokens, width, 1)
                .pointers(hidden.address(), gpu.halves(table).address(), gpu.ints(ids).address()).int32(width)
                .pointers(out.address(), 0, gpu.halves(weight).address()).int32(width).float32(EPSILON)
                .run(gpu.stream);

        requireNormed(hidden, out, sums, weight, width);
    }

    @Test
    void steps_ofAModelWithGroups_areTheReferencesAndRunThem() throws CudaUnavailableException {
        MoeConfig c = MoeConfig.tiny();
        RandomWeights tiny = new RandomWeights(c, "tiny", 20);
        CpuEngine reference = new CpuEngine(CpuWeights.of(tiny));
        Catalogue catalogue = Catalogue.load();
        try (CudaContext context = RequiresGpu.Condition.open()) {
            for (Set<String> on : List.of(catalogue.topWith(FusedGroup.TECHNIQUE),
                    catalogue.alone(FusedGroup.TECHNIQUE))) {
                try (CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), tiny, on)) {
                    for (int batch : new int[] { 1, 3, 9 }) {
                        Verification v = Verification.of(engine, reference, batch, 48);
                        assertThat(v.problem(Verification.bound(on))).as("%s with %s", v, on).isEmpty();
                    }
                    boolean lacking = engine.lacking().containsKey(FusedGroup.TECHNIQUE);
                    try (CudaSession session = engine.open(1, 80, 48)) {
                        assertThat(session.plan(48).stream().map(Operation::implementation)
                                .anyMatch(name -> name.matches(
                                        "embed_tokens__then__rms_norm__for_hidden_" + c.hidden() + "_threads_\\d+")))
                                .isNotEqualTo(lacking);
                    }
                }
            }
        }
    }

    private static boolean compilerLacks() {
        return LibraryFinder.of(Host.current()).find(CudaLibrary.RTC).isEmpty();
    }

    private Launcher launch(String first, int rows, int width, int chosen) {
        int threads = FusedGroups.threads(rows, width, gpu.context.device().multiprocessors());
        FusedGroup group = new FusedGroup(List.of(first, "rms_norm"),
                new TreeMap<>(Map.of("hidden", width, "chosen", chosen)), threads);
        CudaFunction function = gpu.kernels.function(group, Set.of());
        assertThat(function.localBytes()).as("bytes that did not fit into registers").isZero();
        return Launcher.of(function, LaunchShape.of(rows, threads));
    }

    private void requireNormed(DeviceBuffer hidden, DeviceBuffer out, double[] sums, float[] weight, int width) {
        MemorySegment rows = gpu.download(hidden);
        MemorySegment normed = gpu.download(out);
        for (int token = 0; token < sums.length / width; token++) {
            double square = 0;
            for (int i = 0; i < width; i++) {
                square += sums[token * width + i] * sums[token * width + i];
            }
            double scale = 1 / Math.sqrt(square / width + EPSILON);
            for (int i = 0; i < width; i++) {
                int at = token * width + i;
                double expected = sums[at] * scale * weight[i];
                assertThat((double) rows.getAtIndex(ValueLayout.JAVA_FLOAT, at)).as("row %d, number %d", token, i)
                        .isCloseTo(sums[at], Offset.offset(1e-5 * (1 + Math.abs(sums[at]))));
                assertThat((double) KernelFixture.widen(normed.getAtIndex(ValueLayout.JAVA_SHORT, at)))
                        .as("normed row %d, number %d", token, i)
                        .isCloseTo(expected, Offset.offset(1e-4 + Math.abs(expected) / 200));
            }
        }
    }

    private static int[] shuffled(int count) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        Random random = new Random(9);
        for (int i = count - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }
}
