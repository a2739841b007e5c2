package org.moelab.gpu.model;

/// How the kernels keep matrices in FP8 (E4M3): in tiles of 16 rows, each tile in steps of 64 columns, the order in which a
/// warp's lanes give them to the tensor cores (`common/weight_tiles.cuh`).
///
/// A step is 64 pieces of 16 bytes, two a lane: first those of rows 0 to 7 of the tile, then those of rows 8 to 15. Lane
/// `4g + t` holds the columns `8t` to `8t + 7` of both blocks of 32 columns. A tile's steps follow each other from left to
/// right, then comes the next tile. What lies beyond the matrix is zero. Each row has one scale in fp32, which its numbers
/// are to be multiplied by.
///
/// @param rows rows of the matrix
/// @param columns its columns
public record Fp8Tiles(int rows, int columns) {
    /// Rows of a tile.
    public static final int TILE_ROWS = 16;
    /// Columns of a step.
    public static final int STEP_COLUMNS = 64;
    private static final int STEP_BYTES = TILE_ROWS * STEP_COLUMNS;
    private static final int PIECE_BYTES = 16;

    public Fp8Tiles {
        if (rows <= 0 || columns <= 0) {
            throw new IllegalArgumentException("a matrix of " + rows + " rows and " + columns + " columns");
        }
    }

    /// The matrix that a tensor is, of those that have a form in FP8.
    public static Fp8Tiles of(WeightTensor tensor, MoeConfig c) {
        return switch (tensor) {
            case QKV -> new Fp8Tiles(c.qkvWidth(), c.hidden());
            case OUT -> new Fp8Tiles(c.hidden(), c.queryWidth());
            case UNEMBEDDING -> new Fp8Tiles(c.vocabulary(), c.hidden());
            default -> throw new IllegalArgumentException(tensor + " has no form in FP8");
        };
    }

    /// Tiles one below the other.
    public int tiles() {
        return Math.ceilDiv(rows, TILE_ROWS);
    }

    /// Steps side by side.
    public int steps() {
        return Math.ceilDiv(columns, STEP_COLUMNS);
    }

    /// Bytes of the numbers, whole tiles.
    public long bytes() {
        return (long) tiles() * steps() * STEP_BYTES;
    }

    /// Bytes of the rows' scales.
    public long scaleBytes() {
        return (long) Float.BYTES * rows;
    }

    /// Which byte holds the number of a row and a column.
    public long place(int row, int column) {
        long step = (long) (row / TILE_ROWS) * steps() + column / STEP_COLUMNS;
        int inRow = row % TILE_ROWS;
        int inStep = column % STEP_COLUMNS;
        int piece = inRow / 8 * 32 + inRow % 8 * 4 + inStep % 32 / 8;
        int byteOfStep = piece * PIECE_BYTES + inStep / 32 * 8 + inStep % 8;
        return step * STEP_BYTES + byteOfStep;
    }
}
