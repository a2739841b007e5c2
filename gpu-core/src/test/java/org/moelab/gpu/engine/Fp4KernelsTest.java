package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.model.Mxfp4;
import org.moelab.gpu.model.Nvfp4;
import org.moelab.gpu.model.ScaleTiles;

/// The kernels that round to four bits against their references, code by code.
@RequiresGpu
class Fp4KernelsTest {
    private static final int THREADS = 256;

    private final KernelFixture gpu;

    Fp4KernelsTest() throws CudaUnavailableException {
        gpu = new KernelFixture();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @ParameterizedTest
    @CsvSource({ "1, 32, 1", "128, 256, 0.02", "130, 288, 1e-6", "300, 2880, 100" })
    void quantiseNvfp4_ofRows_isTheReference(int rows, int inner, float size) {
        float[] x = numbers(rows * inner, size);
        ScaleTiles tiles = new ScaleTiles(rows, inner, Nvfp4.BLOCK);
        byte[] codes = new byte[x.length / 2];
        byte[] scales = new byte[x.length / Nvfp4.BLOCK];
        float tensorScale = Nvfp4.tensorScale(x);
        Nvfp4.pack(x, tensorScale, codes, scales);

        DeviceBuffer bf16 = gpu.halves(x);
        DeviceBuffer largest = largest(bf16, x.length);
        DeviceBuffer foundCodes = gpu.poisoned(codes.length);
        DeviceBuffer foundScales = gpu.poisoned(tiles.bytes());
        Launcher.of(gpu.kernels, "quantise_nvfp4", blocks(tiles), THREADS).pointers(foundCodes.address(),
                foundScales.address(), bf16.address(), largest.address(), 0, 0, 0).int32(rows).int32(inner)
                .run(gpu.stream);

        assertThat(Nvfp4.tensorScale(gpu.download(largest).get(ValueLayout.JAVA_FLOAT, 0))).isEqualTo(tensorScale);
        assertThat(bytes(foundCodes)).isEqualTo(codes);
        assertThat(bytes(foundScales)).isEqualTo(tiles.tiled(scales));
    }

    @ParameterizedTest
    @CsvSource({ "1, 32, 1", "128, 256, 0.02", "130, 288, 1e-36", "300, 2880, 1e30" })
    void quantiseMxfp4_ofRows_isTheReference(int rows, int inner, float size) {
        float[] x = numbers(rows * inner, size);
        ScaleTiles tiles = new ScaleTiles(rows, inner, Mxfp4.BLOCK);
        byte[] codes = new byte[x.length / 2];
        byte[] scales = new byte[x.length / Mxfp4.BLOCK];
        Mxfp4.pack(x, codes, scales);

        DeviceBuffer foundCodes = gpu.poisoned(codes.length);
        DeviceBuffer foundScales = gpu.poisoned(tiles.bytes());
        Launcher.of(gpu.kernels, "quantise_mxfp4", blocks(tiles), THREADS).pointers(foundCodes.address(),
                foundScales.address(), gpu.halves(x).address(), 0, 0, 0).int32(rows).int32(inner).run(gpu.stream);

        assertThat(bytes(foundCodes)).isEqualTo(codes);
        assertThat(bytes(foundScales)).isEqualTo(tiles.tiled(scales));
    }

    @ParameterizedTest
    @CsvSource({ "true", "false" })
    void quantise_ofExpertTiles_takesEachTilesTokensAndLeavesTheRest(boolean gathers) {
        int inner = 320;
        int tokens = 150;
        int[] rowOf = new int[tokens];
        Arrays.setAll(rowOf, place -> (place * 7) % 50);
        // tiles of an expert, first place, tokens; the third is beyond the count
        int[] list = { 0, 0, 128, 0, 3, 128, 22, 0, 9, 0, 128, 0 };
        float[] x = numbers(tokens * inner, 1);
        byte[] rowCodes = new byte[x.length / 2];
        byte[] rowScales = new byte[x.length / Mxfp4.BLOCK];
        Mxfp4.pack(x, rowCodes, rowScales);
        ScaleTiles tiles = new ScaleTiles(3 * ScaleTiles.TILE_ROWS, inner, Mxfp4.BLOCK);

        DeviceBuffer codes = gpu.poisoned((long) tiles.rows() * inner / 2);
        DeviceBuffer scales = gpu.poisoned(tiles.bytes());
        Launcher.of(gpu.kernels, "quantise_mxfp4", blocks(tiles), THREADS).pointers(codes.address(), scales.address(),
                gpu.halves(x).address(), gpu.ints(list).address(), gpu.ints(2).address(),
                gathers ? gpu.ints(rowOf).address() : 0).int32(tiles.rows()).int32(inner).run(gpu.stream);

        byte[] expectedCodes = new byte[tiles.rows() * inner / 2];
        Arrays.fill(expectedCodes, (byte) 0xFF);
        byte[] expectedScales = new byte[Math.toIntExact(tiles.bytes())];
        for (int place = 0; place < tokens; place++) { // places and rows of tiles are the same here
            int source = gathers ? rowOf[place] : place;
            System.arraycopy(rowCodes, source * inner / 2, expectedCodes, place * inner / 2, inner / 2);
            for (int block = 0; block < inner / Mxfp4.BLOCK; block++) {
                expectedScales[Math.toIntExact(tiles.place(place, block))] = rowScales[source * inner / Mxfp4.BLOCK
                        + block];
            }
        }
        assertThat(bytes(codes)).isEqualTo(expectedCodes);
        assertThat(bytes(scales)).isEqualTo(expectedScales);
    }

    @ParameterizedTest
    @CsvSource({ "NaN", "Infinity", "-Infinity" })
    void quantise_ofANumberThatIsNotFinite_marksItsBlock(float bad) {
        float[] x = numbers(64, 1);
        x[40] = bad;
        byte[] scales = new byte[2];
        Mxfp4.pack(x, new byte[32], scales);
        ScaleTiles tiles = new ScaleTiles(1, 64, Mxfp4.BLOCK);
        DeviceBuffer found = gpu.poisoned(tiles.bytes());
        Launcher.of(gpu.kernels, "quantise_mxfp4", blocks(tiles), THREADS).pointers(gpu.poisoned(32).address(),
                found.address(), gpu.halves(x).address(), 0, 0, 0).int32(1).int32(64).run(gpu.stream);

        assertThat(bytes(found)).startsWith(scales[0], 0xFF);
        assertThat(Float.isFinite(gpu.download(largest(gpu.halves(x), 64)).get(ValueLayout.JAVA_FLOAT, 0))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({ "1, 32", "130, 320", "2880, 2880" })
    void tileMxfp4Scales_ofACheckpointsMatrix_putsEachInItsPlace(int rows, int inner) {
        byte[] scales = new byte[rows * inner / Mxfp4.BLOCK];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) (i * 31 + i / 97);
        }
        ScaleTiles tiles = new ScaleTiles(rows, inner, Mxfp4.BLOCK);
        DeviceBuffer found = gpu.poisoned(tiles.bytes());
        Launcher.of(gpu.kernels, "tile_mxfp4_scales", blocks(tiles), THREADS)
                .pointers(found.address(), gpu.bytes(scales).address()).int32(rows).int32(inner).run(gpu.stream);

        assertThat(bytes(found)).isEqualTo(tiles.tiled(scales));
    }

    /// A thread a scale, those of the padding counted in.
    private static int blocks(ScaleTiles tiles) {
        return Math.toIntExact(Math.ceilDiv(tiles.bytes(), THREADS));
    }

    private DeviceBuffer largest(DeviceBuffer bf16, int count) {
        DeviceBuffer largest = gpu.ints(0);
        Launcher.of(gpu.kernels, "largest_magnitude", 7, THREADS).pointers(largest.address(), bf16.address())
                .int64(count / 8).run(gpu.stream);
        return largest;
    }

    /// Normal numbers, a block of zeros and the ties between codes among them.
    private float[] numbers(int count, float size) {
        float[] x = gpu.numbers(count, size);
        for (int i = 0; i < Math.min(16, count / 2); i++) {
            x[i] = i < 8 ? new float[] { 6, 0.25f, 0.75f, -1.25f, 1.75f, 2.5f, -3.5f, 5 }[i] : 0;
        }
        if (count >= 128) {
            Arrays.fill(x, 64, 128, 0f);
        }
        return x;
    }

    private byte[] bytes(DeviceBuffer buffer) {
        MemorySegment content = gpu.download(buffer);
        return content.asSlice(0, buffer.bytes()).toArray(ValueLayout.JAVA_BYTE);
    }
}
