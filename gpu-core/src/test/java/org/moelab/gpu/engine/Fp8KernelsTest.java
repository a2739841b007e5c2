package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.engine.Fp8Products.Kernels;
import org.moelab.gpu.model.E4m3;
import org.moelab.gpu.model.Fp8Tiles;

/// The kernels of weights in FP8 against plain arithmetic, at sizes that fill no tile.
@RequiresGpu
class Fp8KernelsTest {
    private final KernelFixture gpu;

    Fp8KernelsTest() throws CudaUnavailableException {
        gpu = new KernelFixture();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @ParameterizedTest
    @CsvSource({ "16, 64", "1, 8", "17, 96", "515, 200", "48, 2880" })
    void pack_ofAMatrix_isTheNearestNumbersInTheirPlaces(int rows, int columns) {
        float[] matrix = gpu.numbers(rows * columns, 0.02f);
        Arrays.fill(matrix, 0, columns, 0f); // a row of zeros has a scale all the same
        Fp8Tiles tiles = new Fp8Tiles(rows, columns);

        MemorySegment found = gpu.download(packed(matrix, tiles));

        byte[] expected = new byte[Math.toIntExact(tiles.bytes())];
        for (int row = 0; row < rows; row++) {
            float scale = E4m3.scale(matrix, row, columns);
            assertThat(found.get(ValueLayout.JAVA_FLOAT, tiles.bytes() + 4L * row)).as("scale of row %d", row)
                    .isEqualTo(scale);
            for (int column = 0; column < columns; column++) {
                expected[Math.toIntExact(tiles.place(row, column))] = E4m3
                        .nearest(matrix[row * columns + column] / scale);
            }
        }
        assertThat(found.asSlice(0, tiles.bytes()).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({ "1, 16, 64", "1, 515, 96", "3, 515, 256", "8, 2880, 4096", "9, 100, 200", "16, 5120, 2880",
            "17, 515, 2880", "32, 33, 8" })
    void product_ofSomeRows_isThatOfTheRoundedMatrix(int tokens, int rows, int inner) {
        float[] matrix = gpu.numbers(rows * inner, 0.02f);
        float[] x = gpu.numbers(tokens * inner, 1);
        float[] bias = gpu.numbers(rows, 1);
        float[] before = gpu.numbers(tokens * (rows + 5), 1);
        Fp8Tiles tiles = new Fp8Tiles(rows, inner);
        DeviceBuffer weights = packed(matrix, tiles);
        float[] rounded = E4m3.roundRows(matrix, inner);
        for (boolean adds : new boolean[] { false, true }) {
            for (boolean biased : new boolean[] { false, true }) {
                DeviceBuffer out = gpu.floats(before);
                Kernels chosen = Kernels.of(tokens);
                Launcher.of(gpu.kernels, chosen.name(adds),
                        chosen.shape(tokens, tiles, gpu.context.device().multiprocessors())).pointer(out.address())
                        .pointer(weights.address()).pointer(weights.address() + tiles.bytes())
                        .pointer(biased ? gpu.halves(bias).address() : 0).pointer(gpu.halves(x).address())
                        .int32(tokens).int32(rows).int32(inner).int32(rows + 5).run(gpu.stream);

                MemorySegment found = gpu.download(out);
                for (int at = 0; at < before.length; at++) {
                    int token = at / (rows + 5);
                    int row = at % (rows + 5);
                    double expected = before[at];
                    if (row < rows) {
                        double sum = biased ? bias[row] : 0;
                        for (int i = 0; i < inner; i++) {
                            sum += (double) rounded[row * inner + i] * x[token * inner + i];
                        }
                        expected = adds ? expected + sum : sum;
                    }
                    assertThat((double) found.getAtIndex(ValueLayout.JAVA_FLOAT, at))
                            .as("token %d, row %d, adds %s, biased %s", token, row, adds, biased)
                            .isCloseTo(expected, Offset.offset(row < rows ? 1e-4 : 0));
                }
            }
        }
    }

    private DeviceBuffer packed(float[] matrix, Fp8Tiles tiles) {
        DeviceBuffer weights = gpu.poisoned(tiles.bytes() + tiles.scaleBytes());
        int warps = tiles.tiles() * Fp8Tiles.TILE_ROWS;
        Launcher.of(gpu.kernels, "pack_fp8_tiles", Math.ceilDiv(warps, 8), 256).pointer(weights.address())
                .pointer(weights.address() + tiles.bytes()).pointer(gpu.halves(matrix).address())
                .int32(tiles.rows()).int32(tiles.columns()).run(gpu.stream);
        return weights;
    }
}
