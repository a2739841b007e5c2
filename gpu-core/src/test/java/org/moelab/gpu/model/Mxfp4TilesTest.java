package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Mxfp4TilesTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final float PLACE = 0x1p126f;

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 2, 3 })
    void expand_everyByteAtEveryPlace_isThePairOfElements(int place) {
        for (int pair = 0; pair < 256; pair++) {
            for (int others : new int[] { 0, 0xFFFFFFFF, 0x5A5A5A5A }) {
                int shift = 8 * place;
                int[] pairs = Mxfp4Tiles.expand(Mxfp4Tiles.interleave(others & ~(0xFF << shift) | pair << shift));
                assertThat(low(pairs[place]) * PLACE).as("low of %x at %d", pair, place)
                        .isEqualTo(Mxfp4.element(pair));
                assertThat(high(pairs[place]) * PLACE).as("high of %x at %d", pair, place)
                        .isEqualTo(Mxfp4.element(pair >> 4));
            }
        }
    }

    @Test
    void scale_everyByteMovedToTheExponent_isTheScaleButAtTheEnds() {
        for (int bits = 0; bits < 256; bits++) {
            for (int place = 0; place < 4; place++) {
                float moved = kernelScale(bits << 8 * place | 0x5A5A5A5A & ~(0xFF << 8 * place), place);
                switch (bits) {
                    case 0 -> assertThat(moved).isZero(); // instead of 2^-127
                    case 255 -> assertThat(moved).isInfinite(); // instead of not-a-number
                    default -> assertThat(moved).as("scale %d", bits).isEqualTo(Mxfp4.scale((byte) bits));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "16, 32, false", "48, 96, false", "32, 64, true", "64, 160, true", "5760, 32, true" })
    void pack_andTakenApartAgain_isTheMatrix(int rows, int columns, boolean paired) {
        Mxfp4Tiles tiles = new Mxfp4Tiles(rows, columns, paired);
        Packed packed = Packed.random(tiles, 7);
        float[] expected = packed.matrix();
        float[] found = new float[rows * columns];
        Arrays.fill(found, Float.NaN);
        for (long piece = 0; piece < tiles.codeBytes() / 16; piece++) {
            for (int quarter = 0; quarter < 4; quarter++) {
                int[] pairs = Mxfp4Tiles.expand(packed.word(piece, quarter));
                float scale = Mxfp4.scale(packed.scale(piece, quarter));
                int column = tiles.column(piece) + quarter / 2 * 32;
                int row = tiles.row(piece, quarter % 2 == 1);
                for (int i = 0; i < 8; i++) {
                    float number = (i % 2 == 0 ? low(pairs[i / 2]) : high(pairs[i / 2])) * PLACE;
                    if (column < columns) {
                        found[row * columns + column + i] = number * scale;
                    } else {
                        assertThat(number).as("padding").isZero();
                    }
                }
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    /// The kernel's way through a row of tiles, lane by lane, with the fragments of `mma.m16n8k16` as PTX defines them.
    @ParameterizedTest
    @CsvSource({ "16, 64, false", "16, 96, false", "16, 160, true" })
    void products_ofALanesFragments_areTheRowsOfTheMatrix(int rows, int columns, boolean paired) {
        Mxfp4Tiles tiles = new Mxfp4Tiles(rows, columns, paired);
        Packed packed = Packed.random(tiles, 11);
        float[] x = new float[tiles.across() * 64];
        Random random = new Random(3);
        for (int k = 0; k < columns; k++) {
            x[k] = random.nextInt(-8, 9); // small whole numbers: every sum is exact
        }
        float[] sums = new float[16];
        for (int tile = 0; tile < tiles.across(); tile++) {
            for (int block = 0; block < 2; block++) {
                float[][] d = new float[16][8];
                for (int pair = 0; pair < 4; pair += 2) {
                    multiply(d, packed, tile, block, pair, x);
                }
                for (int g = 0; g < 8; g++) {
                    int scales = packed.scaleWord(tile, g);
                    sums[g] += kernelScale(scales, 2 * block) * d[g][0];
                    sums[g + 8] += kernelScale(scales, 2 * block + 1) * d[g + 8][0];
                }
            }
        }
        float[] matrix = packed.matrix();
        for (int r = 0; r < 16; r++) {
            double expected = 0;
            int row = tiles.row(r % 8 * 4L, r >= 8);
            for (int k = 0; k < columns; k++) {
                expected += (double) matrix[row * columns + k] * x[k];
            }
            assertThat((double) sums[r] * 0x1p26).as("row %d", row).isEqualTo(expected);
        }
    }

    @Test
    void sizes_thatTilesDoNotMakeUp_areRefused() {
        assertThatThrownBy(() -> new Mxfp4Tiles(8, 64, false)).hasMessageContaining("8 rows");
        assertThatThrownBy(() -> new Mxfp4Tiles(16, 48, false)).hasMessageContaining("48 columns");
    }

    private static void multiply(float[][] d, Packed packed, int tile, int block, int pair, float[] x) {
        float[][] a = new float[16][16];
        float[][] b = new float[16][8];
        for (int lane = 0; lane < 32; lane++) {
            int g = lane / 4;
            int t = lane % 4;
            for (int lower = 0; lower < 2; lower++) {
                int[] pairs = Mxfp4Tiles.expand(packed.word(tile * 32L + lane, 2 * block + lower));
                for (int half = 0; half < 2; half++) {
                    a[g + 8 * lower][2 * t + 8 * half] = low(pairs[pair + half]);
                    a[g + 8 * lower][2 * t + 8 * half + 1] = high(pairs[pair + half]);
                }
            }
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < 2; i++) {
                    b[2 * t + 8 * half + i][g] = x[tile * 64 + block * 32 + t * 8 + 2 * (pair + half) + i] * 0x1p100f;
                }
            }
        }
        for (int m = 0; m < 16; m++) {
            for (int n = 0; n < 8; n++) {
                for (int k = 0; k < 16; k++) {
                    d[m][n] += a[m][k] * b[k][n];
                }
            }
        }
    }

    private static float kernelScale(int word, int place) {
        return Float.intBitsToFloat((place == 3 ? word >>> 1 : word << 23 - 8 * place) & 0x7F800000);
    }

    private static float low(int pair) {
        return Float.intBitsToFloat(pair << 16);
    }

    private static float high(int pair) {
        return Float.intBitsToFloat(pair & 0xFFFF0000);
    }

    /// A matrix as a checkpoint has it and in tiles.
    private record Packed(Mxfp4Tiles tiles, MemorySegment codes, MemorySegment scales, MemorySegment tileCodes,
            MemorySegment tileScales) {
        static Packed random(Mxfp4Tiles tiles, long seed) {
            Random random = new Random(seed);
            byte[] codes = new byte[tiles.rows() * tiles.columns() / 2];
            byte[] scales = new byte[tiles.rows() * tiles.columns() / 32];
            random.nextBytes(codes);
            for (int i = 0; i < scales.length; i++) {
                scales[i] = (byte) random.nextInt(121, 125);
            }
            Packed packed = new Packed(tiles, MemorySegment.ofArray(codes), MemorySegment.ofArray(scales),
                    MemorySegment.ofArray(new byte[Math.toIntExact(tiles.codeBytes())]),
                    MemorySegment.ofArray(new byte[Math.toIntExact(tiles.scaleBytes())]));
            tiles.pack(packed.codes, packed.scales, packed.tileCodes, packed.tileScales);
            return packed;
        }

        float[] matrix() {
            float[] matrix = new float[tiles.rows() * tiles.columns()];
            Mxfp4.unpack(codes, scales, matrix);
            return matrix;
        }

        int word(long piece, int quarter) {
            return tileCodes.get(INT, piece * 16 + quarter * 4L);
        }

        /// Pieces of four lanes share a word of scales.
        byte scale(long piece, int quarter) {
            return tileScales.get(ValueLayout.JAVA_BYTE, piece / 4 * 4 + quarter);
        }

        int scaleWord(int tile, int group) {
            return tileScales.get(INT, (tile * 8L + group) * 4);
        }
    }
}
