package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.model.Mxfp4;
import org.moelab.gpu.model.Mxfp4Tiles;

/// The kernels that choose a token from weights in MXFP4 and look again at those in bf16, against plain arithmetic.
@RequiresGpu
class CoarseChoiceKernelsTest {
    private static final int PARTS = 7;
    private final KernelFixture gpu;

    CoarseChoiceKernelsTest() throws CudaUnavailableException {
        gpu = new KernelFixture();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    /// A matrix rounded on the device.
    private record Rounded(DeviceBuffer codes, DeviceBuffer scales, DeviceBuffer errors) {}

    @ParameterizedTest
    @CsvSource({ "16, 64", "32, 32", "160, 96", "48, 2880" })
    void rounding_ofAMatrix_losesWhatTheBetterOfTwoScalesLoses(int rows, int columns) {
        float[] matrix = gpu.numbers(rows * columns, 0.02f);
        Arrays.fill(matrix, 0, columns, 0f);
        matrix[columns] = 3f; // one that is far from its block's others
        Rounded rounded = rounded(matrix, rows, columns);

        float[] found = unpacked(rounded, rows, columns);
        MemorySegment errors = gpu.download(rounded.errors);
        double largest = 0;
        for (int row = 0; row < rows; row++) {
            double lost = 0;
            double least = 0;
            for (int from = row * columns; from < (row + 1) * columns; from += Mxfp4.BLOCK) {
                least += leastLoss(matrix, from);
                for (int i = from; i < from + Mxfp4.BLOCK; i++) {
                    lost += square(matrix[i] - found[i]);
                }
            }
            float error = errors.getAtIndex(ValueLayout.JAVA_FLOAT, row);
            assertThat(lost).as("row %d", row).isCloseTo(least, Offset.offset(1e-5 * least));
            assertThat((double) error).as("row %d", row).isCloseTo(Math.sqrt(lost),
                    Offset.offset(1e-4 * Math.sqrt(lost)));
            largest = Math.max(largest, error);
        }
        assertThat((double) errors.getAtIndex(ValueLayout.JAVA_FLOAT, rows)).isEqualTo(largest);
    }

    /// The least that a block loses by a scale that holds its largest magnitude, or by half of it.
    private static double leastLoss(float[] matrix, int from) {
        float largest = 0;
        for (int i = from; i < from + Mxfp4.BLOCK; i++) {
            largest = Math.max(largest, Math.abs(matrix[i]));
        }
        if (largest == 0) {
            return 0;
        }
        double least = Double.MAX_VALUE;
        for (int exponent = Math.getExponent(largest) - 2; exponent < Math.getExponent(largest); exponent++) {
            double lost = 0;
            for (int i = from; i < from + Mxfp4.BLOCK; i++) {
                float scale = Math.scalb(1f, exponent);
                lost += square(matrix[i] - scale * (double) Mxfp4.element(Mxfp4.nearest(matrix[i] / scale)));
            }
            least = Math.min(least, lost);
        }
        return least;
    }

    @ParameterizedTest
    @CsvSource({ "1, 16, 64", "1, 512, 96", "3, 512, 256", "4, 48, 32", "5, 9600, 64", "8, 2880, 2880", "9, 112, 224",
            "16, 5120, 2880", "17, 512, 2880" })
    void product_ofSomeRows_isThatOfTheRoundedMatrix(int tokens, int rows, int inner) {
        float[] x = gpu.numbers(tokens * inner, 1);
        Rounded rounded = rounded(gpu.numbers(rows * inner, 0.02f), rows, inner);
        float[] matrix = unpacked(rounded, rows, inner);
        DeviceBuffer out = gpu.poisoned(4L * tokens * rows);

        product(rounded, x, tokens, rows, inner, out);

        MemorySegment found = gpu.download(out);
        for (int at = 0; at < tokens * rows; at++) {
            assertThat((double) found.getAtIndex(ValueLayout.JAVA_FLOAT, at))
                    .as("token %d, row %d", at / rows, at % rows)
                    .isCloseTo(dot(matrix, at % rows, x, at / rows, inner), Offset.offset(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 5, 16 })
    void choice_fromRoundedWeights_isThatOfTheWeightsInBf16(int tokens) {
        int rows = 4096;
        int inner = 288;
        float[] matrix = gpu.numbers(rows * inner, 0.02f);
        float[] x = gpu.numbers(tokens * inner, 1);

        int[] chosen = chosen(matrix, x, tokens, rows, inner);

        for (int token = 0; token < tokens; token++) {
            assertThat(chosen[token]).as("token %d", token).isEqualTo(best(matrix, x, token, rows, inner));
        }
    }

    @Test
    void choice_betweenRowsThatRoundingPutsInTheOtherOrder_isThatOfTheWeightsInBf16() {
        int rows = 64;
        int inner = 256;
        float[] x = gpu.numbers(inner, 1);
        float[] matrix = gpu.numbers(rows * inner, 0.001f);
        for (int i = 0; i < inner; i++) { // in bf16 row 40 is the best; in four bits both are 3 / 64, and row 9 comes first
            matrix[9 * inner + i] = Math.signum(x[i]) * 0.052f;
            matrix[40 * inner + i] = Math.signum(x[i]) * 0.054f;
        }
        matrix[9 * inner] = Math.signum(x[0]) * 0.05f;
        float[] rounded = unpacked(rounded(matrix, rows, inner), rows, inner);

        assertThat(best(matrix, x, 0, rows, inner)).isEqualTo(40);
        assertThat(dot(rounded, 40, x, 0, inner)).as("rounded").isLessThanOrEqualTo(dot(rounded, 9, x, 0, inner));
        assertThat(chosen(matrix, x, 1, rows, inner)).containsExactly(40);
    }

    @Test
    void choice_amongEqualRows_isTheFirst() {
        int rows = 4096;
        int inner = 64;
        float[] row = gpu.numbers(inner, 0.02f);
        float[] matrix = new float[rows * inner];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(row, 0, matrix, r * inner, inner);
        }

        assertThat(chosen(matrix, gpu.numbers(inner, 1), 1, rows, inner)).containsExactly(0);
    }

    private Rounded rounded(float[] matrix, int rows, int columns) {
        Mxfp4Tiles tiles = new Mxfp4Tiles(rows, columns, false);
        float[] none = new float[rows + 1];
        Rounded rounded = new Rounded(gpu.poisoned(tiles.codeBytes()), gpu.poisoned(tiles.scaleBytes()),
                gpu.floats(none));
        Launcher.of(gpu.kernels, "round_mxfp4_tiles", Math.ceilDiv(rows, 8), 256).pointer(rounded.codes.address())
                .pointer(rounded.scales.address()).pointer(rounded.errors.address())
                .pointer(gpu.halves(matrix).address()).int32(rows).int32(columns).run(gpu.stream);
        return rounded;
    }

    private float[] unpacked(Rounded rounded, int rows, int columns) {
        DeviceBuffer out = gpu.poisoned(2L * rows * columns);
        Launcher.of(gpu.kernels, "unpack_mxfp4_tiles", 64, 256).pointer(out.address())
                .pointer(rounded.codes.address()).pointer(rounded.scales.address()).int32(rows).int32(columns)
                .int32(0).run(gpu.stream);
        MemorySegment bits = gpu.download(out);
        float[] numbers = new float[rows * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = KernelFixture.widen(bits.getAtIndex(ValueLayout.JAVA_SHORT, i));
        }
        return numbers;
    }

    private void product(Rounded rounded, float[] x, int tokens, int rows, int inner, DeviceBuffer out) {
        Launcher.of(gpu.kernels, CoarseUnembedding.kernel(tokens),
                CoarseUnembedding.shape(tokens, new Mxfp4Tiles(rows, inner, false),
                        gpu.context.device().multiprocessors()))
                .pointer(out.address()).pointer(rounded.codes.address()).pointer(rounded.scales.address())
                .pointer(gpu.halves(x).address()).int32(tokens).int32(rows).int32(inner).run(gpu.stream);
    }

    private int[] chosen(float[] matrix, float[] x, int tokens, int rows, int inner) {
        Rounded rounded = rounded(matrix, rows, inner);
        DeviceBuffer logits = gpu.poisoned(4L * tokens * rows);
        product(rounded, x, tokens, rows, inner, logits);
        LaunchShape parts = new LaunchShape(PARTS, tokens, 1, 256, 1, 1, 0);
        long room = 4L * tokens * PARTS;
        DeviceBuffer values = gpu.poisoned(room);
        DeviceBuffer indices = gpu.poisoned(room);
        Launcher.of(gpu.kernels, "argmax_parts", parts).pointer(values.address()).pointer(indices.address())
                .pointer(logits.address()).int32(rows).run(gpu.stream);
        DeviceBuffer exactValues = gpu.poisoned(room);
        DeviceBuffer exactIndices = gpu.poisoned(room);
        Launcher.of(gpu.kernels, "rescore_nearest", parts).pointer(exactValues.address())
                .pointer(exactIndices.address()).pointer(values.address()).pointer(logits.address())
                .pointer(rounded.errors.address()).pointer(gpu.halves(matrix).address())
                .pointer(gpu.halves(x).address()).int32(rows).int32(inner).run(gpu.stream);
        DeviceBuffer ids = gpu.poisoned(4L * tokens);
        Launcher.of(gpu.kernels, "argmax_of_parts", LaunchShape.of(tokens, 256)).pointer(ids.address())
                .pointer(exactValues.address()).pointer(exactIndices.address()).int32(PARTS).int32(rows)
                .run(gpu.stream);
        return gpu.download(ids).toArray(ValueLayout.JAVA_INT);
    }

    private static int best(float[] matrix, float[] x, int token, int rows, int inner) {
        int best = 0;
        for (int row = 1; row < rows; row++) {
            if (dot(matrix, row, x, token, inner) > dot(matrix, best, x, token, inner)) {
                best = row;
            }
        }
        return best;
    }

    private static double dot(float[] matrix, int row, float[] x, int token, int inner) {
        double sum = 0;
        for (int i = 0; i < inner; i++) {
            sum += (double) matrix[row * inner + i] * x[token * inner + i];
        }
        return sum;
    }

    private static double square(double number) {
        return number * number;
    }
}
