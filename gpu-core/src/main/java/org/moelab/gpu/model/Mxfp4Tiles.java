package org.moelab.gpu.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How the kernels keep MXFP4 matrices: in tiles of 16 rows and 64 columns, the order in which a warp's lanes give them to
/// the tensor cores (`moe/mxfp4_tile.cuh`). This is the reference for packing on the device; nothing is rounded, and a
/// matrix whose columns fill whole tiles takes the bytes that it takes in the checkpoint.
///
/// A tile is 32 pieces of 16 bytes, one a lane: lane `4g + t` holds the columns `8t` to `8t + 7` of both blocks of the
/// tile's rows `g` and `g + 8`, as words (upper row, first block), (lower, first), (upper, second), (lower, second). Its
/// scales are 8 words, of the same four in bytes, for each `g`. Rows of tiles follow each other, each from left to right.
///
/// @param rows a multiple of 16
/// @param columns a multiple of 32; the last tile is filled up with zeros
/// @param paired whether a tile holds eight even rows above the odd ones that follow each: gates above their ups
public record Mxfp4Tiles(int rows, int columns, boolean paired) {
    /// Rows of a tile.
    public static final int TILE_ROWS = 16;
    /// Columns of a tile.
    public static final int TILE_COLUMNS = 64;
    private static final int PIECES = 32;
    private static final int CODE = 0x81C081C0;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Mxfp4Tiles {
        if (rows <= 0 || columns <= 0 || rows % TILE_ROWS != 0 || columns % Mxfp4.BLOCK != 0) {
            throw new IllegalArgumentException("tiles of 16 rows and blocks of 32 columns do not make up " + rows
                    + " rows and " + columns + " columns");
        }
    }

    /// The first products of one expert: (2 intermediate, hidden).
    public static Mxfp4Tiles gateUp(MoeConfig c) {
        return new Mxfp4Tiles(2 * c.intermediate(), c.hidden(), true);
    }

    /// The second product of one expert: (hidden, intermediate).
    public static Mxfp4Tiles down(MoeConfig c) {
        return new Mxfp4Tiles(c.hidden(), c.intermediate(), false);
    }

    /// Tiles side by side.
    public int across() {
        return (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
    }

    /// Bytes of the matrix's codes.
    public long codeBytes() {
        return (long) rows / TILE_ROWS * across() * PIECES * Mxfp4.BLOCK_BYTES;
    }

    /// Bytes of the matrix's scales.
    public long scaleBytes() {
        return codeBytes() / Mxfp4.BLOCK_BYTES;
    }

    /// The word that holds eight codes so that [#expand] takes four instructions and two and a quarter shifts a pair.
    ///
    /// @param codes as they follow each other in a checkpoint, the first in the lowest four bits
    public static int interleave(int codes) {
        int word = 0;
        for (int half = 0; half < 2; half++) {
            int own = 16 * half;
            int other = 16 - own;
            int a = codes >>> 4 * half & 15;
            int b = codes >>> 8 + 4 * half & 15;
            int c = codes >>> 16 + 4 * half & 15;
            int d = codes >>> 24 + 4 * half & 15;
            word |= (a & 8) << 12 + own | (a & 7) << 6 + own;
            word |= (b & 8) << 6 + own | (b & 7) << own;
            word |= (c & 8) << own | (c & 7) << 10 + other; // the rotation takes these three bits across the halves
            word |= (d & 8) << 10 + own | (d & 4) << 12 + own | (d & 3) << 4 + own;
        }
        return word;
    }

    /// The kernel's way from such a word to eight numbers: four pairs of bf16 bits, the first number of each in the lower
    /// half, each 2^-126 of what its code stands for.
    public static int[] expand(int word) {
        return new int[] { word & CODE, word << 6 & CODE, Integer.rotateLeft(word, 12) & CODE,
                word << 2 & 0x80C080C0 | word >>> 6 & 0x01000100 };
    }

    /// Packs one matrix.
    ///
    /// @param codes 16 bytes a block, row by row, as in a checkpoint
    /// @param scales a byte a block
    /// @param tileCodes room for [#codeBytes]
    /// @param tileScales room for [#scaleBytes]
    public void pack(MemorySegment codes, MemorySegment scales, MemorySegment tileCodes, MemorySegment tileScales) {
        long pieces = codeBytes() / Mxfp4.BLOCK_BYTES;
        for (long i = 0; i < pieces; i++) {
            for (int quarter = 0; quarter < 4; quarter++) {
                int row = row(i, quarter % 2 == 1);
                int column = column(i) + quarter / 2 * Mxfp4.BLOCK;
                boolean inside = column < columns;
                long at = (long) row * columns + column;
                int word = inside ? interleave(codes.get(INT, at / 2)) : 0;
                tileCodes.set(INT, i * Mxfp4.BLOCK_BYTES + quarter * 4L, word);
                if (i % 4 == 0) {
                    tileScales.set(ValueLayout.JAVA_BYTE, i + quarter,
                            inside ? scales.get(ValueLayout.JAVA_BYTE, at / Mxfp4.BLOCK) : 0);
                }
            }
        }
    }

    /// The row of the matrix that a piece's upper or lower words hold.
    public int row(long piece, boolean lower) {
        int first = Math.toIntExact(piece / PIECES / across()) * TILE_ROWS;
        int group = (int) (piece % PIECES) / 4;
        return paired
                ? first + 2 * group + (lower ? 1 : 0)
                : first + group + (lower ? TILE_ROWS / 2 : 0);
    }

    /// The first column of the matrix that a piece holds.
    public int column(long piece) {
        return Math.toIntExact(piece / PIECES % across()) * TILE_COLUMNS + (int) (piece % 4) * 8;
    }
}
