package org.moelab.gpu.engine;

import java.util.List;
import java.util.function.ToLongFunction;

import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Gpu;
import org.moelab.gpu.engine.ProductDrafts.Product;
import org.moelab.gpu.model.Fp8Tiles;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// Products of some rows of activations with weights in FP8. Each multiprocessor streams an equal share of the weights past
/// a tile of 8 or 16 rows, which lies in its shared memory.
final class Fp8Products {
    static final String TECHNIQUE = "fp8";
    /// The most rows of a product whose weights are read from memory once for each tile of rows: with a second tile they
    /// are read as long as in bf16 once.
    static final int MOST_ROWS = 16;
    /// The most rows of a product of a layer, whose second tile finds the weights in the level-2 cache.
    static final int MOST_ROWS_OF_A_LAYER = 32;

    private static final int PIECE = 8; // numbers of activations that a lane copies at a time
    private static final int WARP = 32;
    private static final int SPLIT = 8; // warps that share the columns of a tile of weights
    /// Shared memory that a block may have, of 228 KiB of a multiprocessor of compute capability 9.0 and 10.0.
    private static final int MOST_SHARED = 227 * 1024;
    /// The most rows of activations of a product whose weights come by asynchronous copies.
    private static final int ASYNC_ROWS = 8;
    /// More tiles than this take so long that nothing is gained by having all of them under way at once.
    private static final int ASYNC_MOST_TILES = 1024;
    /// The most columns of a token that a block norms.
    private static final int NORMED_COLUMNS = 4096;
    private static final Kernels EIGHT = new Kernels(8, 24);
    private static final Kernels SIXTEEN = new Kernels(16, 16);

    /// Kernels for tiles of so many rows of activations.
    ///
    /// @param warps warps of a block
    record Kernels(int tileRows, int warps) {
        /// Those for so many rows.
        static Kernels of(int rows) {
            return rows <= EIGHT.tileRows ? EIGHT : SIXTEEN;
        }

        /// @param adds whether the sums are added to what lies there
        String name(boolean adds) {
            return "dense_stream_fp8_" + (adds ? "residual" : "float") + "_n" + tileRows;
        }

        LaunchShape shape(int rows, Fp8Tiles weights, int multiprocessors) {
            return new LaunchShape(Math.min(multiprocessors, weights.tiles()), Math.ceilDiv(rows, tileRows), 1,
                    warps * WARP, 1, 1, sharedBytes(weights.columns()));
        }

        /// What a block keeps of rows of `inner` numbers in bf16, with two sets of the sums of the warps that share a tile.
        private int sharedBytes(int inner) {
            int steps = Math.ceilDiv(inner, Fp8Tiles.STEP_COLUMNS);
            return tileRows * steps * Fp8Tiles.STEP_COLUMNS * 2
                    + 2 * (warps / SPLIT) * (SPLIT - 1) * tileRows * Fp8Tiles.TILE_ROWS * Float.BYTES;
        }
    }

    private Fp8Products() {
    }

    /// A block a tile of weights, which it holds whole.
    private static LaunchShape asyncShape(Fp8Tiles tiles) {
        return new LaunchShape(tiles.tiles(), 1, 1, 8 * WARP, 1, 1,
                tiles.steps() * Fp8Tiles.TILE_ROWS * Fp8Tiles.STEP_COLUMNS);
    }

    /// Whether the kernels take a model's widths; else its weights stay in bf16.
    static boolean suits(MoeConfig c) {
        return c.hidden() % PIECE == 0 && c.queryWidth() % PIECE == 0
                && SIXTEEN.sharedBytes(Math.max(c.hidden(), c.queryWidth())) <= MOST_SHARED;
    }

    /// Whether a product's weights come by asynchronous copies, all at once: where they are few enough for that to be worth it.
    private static boolean asyncSuits(int tokens, Fp8Tiles tiles) {
        return tokens <= ASYNC_ROWS && tiles.tiles() <= ASYNC_MOST_TILES
                && asyncShape(tiles).dynamicSharedBytes() <= MOST_SHARED / 2;
    }

    /// Whether blocks of the product behind the attention's norm can norm a token by themselves.
    static boolean normsItself(MoeConfig c) {
        return c.hidden() <= NORMED_COLUMNS && asyncSuits(1, Fp8Tiles.of(WeightTensor.QKV, c));
    }

    /// Queries, keys and values of one token from its hidden state, normed on the way.
    static Draft normed(Product p, int l, float epsilon) {
        Fp8Tiles tiles = new Fp8Tiles(p.rows(), p.inner());
        return Draft.kernel(p.name(), p.kind(), "dense_async_fp8_normed",
                List.of(TECHNIQUE, "async-pipeline", "custom-fusion"),
                tiles.bytes() + tiles.scaleBytes() + 6L * p.inner() + 4L * p.rows(), p.flops() + 4L * p.inner(),
                (gpu, function) -> {
                    Fp8Weights.Matrix matrix = gpu.model().fp8(WeightTensor.QKV, l);
                    LaunchShape bare = asyncShape(tiles);
                    return Launcher
                            .of(function, new LaunchShape(bare.gridX(), 1, 1, bare.blockX(), 1, 1,
                                    bare.dynamicSharedBytes() + tiles.steps() * Fp8Tiles.STEP_COLUMNS * 2))
                            .pointer(p.out().applyAsLong(gpu)).pointer(matrix.numbers()).pointer(matrix.rowScales())
                            .pointer(gpu.model().address(WeightTensor.QKV_BIAS, l)).pointer(gpu.w().hidden.address())
                            .pointer(gpu.model().address(WeightTensor.ATTENTION_NORM, l)).int32(p.rows())
                            .int32(p.inner()).float32(epsilon).prepared(gpu.w().arena);
                });
    }

    /// A product into fp32, scaled by rows, with bias.
    ///
    /// @param async whether its weights come by asynchronous copies, all at once, where that is worth it
    /// @param tensor the matrix
    /// @param l its layer; nothing where the model has it once
    /// @param bias where the bias lies, 0 for none
    /// @param hasBias whether there is one
    /// @param adds whether the sums are added to what lies there
    static Draft draft(Product p, boolean async, WeightTensor tensor, int l, ToLongFunction<Gpu> bias, boolean hasBias,
            boolean adds) {
        Kernels kernels = Kernels.of(p.tokens());
        Fp8Tiles tiles = new Fp8Tiles(p.rows(), p.inner());
        long bytes = tiles.bytes() + tiles.scaleBytes() + 2L * p.tokens() * p.inner()
                + (adds ? 8L : 4L) * p.tokens() * p.rows() + (hasBias ? 2L * p.rows() : 0);
        boolean atOnce = async && asyncSuits(p.tokens(), tiles);
        return Draft.kernel(p.name(), p.kind(),
                atOnce ? "dense_async_fp8_" + (adds ? "residual" : "float") : kernels.name(adds),
                atOnce ? List.of(TECHNIQUE, "async-pipeline") : List.of(TECHNIQUE), bytes, p.flops(),
                (gpu, function) -> {
                    Fp8Weights.Matrix matrix = gpu.model().fp8(tensor, l);
                    return Launcher
                            .of(function,
                                    atOnce
                                            ? asyncShape(tiles)
                                            : kernels.shape(p.tokens(), tiles, gpu.w().multiprocessors()))
                            .pointer(p.out().applyAsLong(gpu)).pointer(matrix.numbers()).pointer(matrix.rowScales())
                            .pointer(bias.applyAsLong(gpu)).pointer(p.x().applyAsLong(gpu)).int32(p.tokens())
                            .int32(p.rows()).int32(p.inner()).int32(p.outStride()).prepared(gpu.w().arena);
                });
    }
}
