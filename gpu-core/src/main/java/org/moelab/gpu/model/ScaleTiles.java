package org.moelab.gpu.model;

/// How the fifth generation's tensor cores take the scales of a matrix of blocks: in tiles of 128 rows, each in pieces of four
/// scales of every row, 512 bytes (`moe/fp4.cuh`). In a piece 16 bytes follow each other for the rows r, r + 32, r + 64 and
/// r + 96, four each, so that a copy of 32 rows of 16 bytes puts each row's four into one word of its lane of tensor memory.
/// Pieces follow each other along the row, whole steps of 256 columns, then comes the next tile. What lies beyond the matrix
/// has a scale of zero.
///
/// Source: PTX ISA, tcgen05, "Layout of the scale factor A matrix", and `tcgen05.cp` with `.32x128b.warpx4`.
///
/// @param rows rows of the matrix
/// @param columns its columns
/// @param block columns that share a scale: 16 or 32
public record ScaleTiles(int rows, int columns, int block) {
    /// Rows of a tile.
    public static final int TILE_ROWS = 128;
    /// Columns of a step.
    public static final int STEP_COLUMNS = 256;
    private static final int PIECE_BYTES = 512;

    public ScaleTiles {
        if (rows <= 0 || columns <= 0 || block != Nvfp4.BLOCK && block != Mxfp4.BLOCK || columns % block != 0) {
            throw new IllegalArgumentException(
                    "scales of " + rows + " rows and " + columns + " columns in blocks of " + block);
        }
    }

    /// Scales of a row, those of the last step's padding counted in.
    public int scalesOfRow() {
        return Math.ceilDiv(columns, STEP_COLUMNS) * (STEP_COLUMNS / block);
    }

    /// Rows of whole tiles.
    public int paddedRows() {
        return Math.ceilDiv(rows, TILE_ROWS) * TILE_ROWS;
    }

    /// Bytes of all scales.
    public long bytes() {
        return (long) paddedRows() * scalesOfRow();
    }

    /// Which byte holds the scale of a row's block.
    public long place(int row, int blockOfRow) {
        long piece = (long) (row / TILE_ROWS) * (scalesOfRow() / 4) + blockOfRow / 4;
        int inTile = row % TILE_ROWS;
        return piece * PIECE_BYTES + inTile % 32 * 16L + inTile / 32 * 4L + blockOfRow % 4;
    }

    /// Scales that follow each other row by row, brought into tiles.
    public byte[] tiled(byte[] scales) {
        int present = columns / block;
        byte[] tiled = new byte[Math.toIntExact(bytes())];
        for (int i = 0; i < scales.length; i++) {
            tiled[Math.toIntExact(place(i / present, i % present))] = scales[i];
        }
        return tiled;
    }
}
