package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.ProductDrafts.Product;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;

/// The unembedding's weights in MXFP4, beside those in bf16 that they are rounded from, and how much rounding took from each row:
/// enough to tell which tokens may be the likeliest, so that only their rows need be read in full.
final class CoarseUnembedding implements AutoCloseable {
    static final String TECHNIQUE = "dynamic-precision";
    /// What device memory in this form is called.
    static final String PURPOSE = "unembedding (MXFP4)";

    /// The most tokens whose logits come so: with more the library reads all weights once in bf16.
    static final int MOST_TOKENS = 16;

    private static final int FEW_TOKENS = 8;
    private static final int THREADS = 768;
    private static final int THREADS_OF_MOST = 512;
    private static final int MOST_SHARED = 227 * 1024;

    private final DeviceBuffer buffer;
    private final Mxfp4Tiles tiles;

    private CoarseUnembedding(DeviceBuffer buffer, Mxfp4Tiles tiles) {
        this.buffer = buffer;
        this.tiles = tiles;
    }

    /// Whether the kernels take a model's sizes.
    static boolean suits(MoeConfig c) {
        return c.vocabulary() % Mxfp4Tiles.TILE_ROWS == 0 && c.hidden() % Mxfp4.BLOCK == 0
                && sharedBytes(MOST_TOKENS, tiles(c)) <= MOST_SHARED;
    }

    static Mxfp4Tiles tiles(MoeConfig c) {
        return new Mxfp4Tiles(c.vocabulary(), c.hidden(), false);
    }

    /// Bytes on the device.
    static long bytes(MoeConfig c) {
        Mxfp4Tiles tiles = tiles(c);
        return tiles.codeBytes() + tiles.scaleBytes() + errorBytes(tiles);
    }

    /// A number for each row, and one for the largest.
    private static long errorBytes(Mxfp4Tiles tiles) {
        return Float.BYTES * (tiles.rows() + 1L);
    }

    /// Rounds the unembedding of a model that is on the device. Where that fails, nothing stays allocated.
    static CoarseUnembedding of(DeviceModel model, WeightLoader loader) {
        MoeConfig c = model.config();
        CoarseUnembedding coarse = new CoarseUnembedding(loader.context().allocate(PURPOSE, bytes(c)), tiles(c));
        boolean complete = false;
        try {
            loader.roundMxfp4(coarse, model.address(WeightTensor.UNEMBEDDING));
            loader.stream().synchronize();
            complete = true;
            return coarse;
        } finally {
            if (!complete) {
                coarse.close();
            }
        }
    }

    /// Logits from MXFP4, in fp32.
    ///
    /// @param p the product, without bias
    static Draft draft(Product p) {
        Mxfp4Tiles tiles = new Mxfp4Tiles(p.rows(), p.inner(), false);
        long bytes = tiles.codeBytes() + tiles.scaleBytes() + p.tokens() * (2L * p.inner() + 4L * p.rows());
        return Draft.kernel(p.name(), p.kind(), kernel(p.tokens()), List.of(TECHNIQUE), bytes, p.flops(),
                (gpu, function) -> {
                    CoarseUnembedding coarse = gpu.model().coarse();
                    return Launcher.of(function, shape(p.tokens(), tiles, gpu.w().multiprocessors()))
                            .pointer(p.out().applyAsLong(gpu)).pointer(coarse.codes()).pointer(coarse.scales())
                            .pointer(p.x().applyAsLong(gpu)).int32(p.tokens()).int32(p.rows()).int32(p.inner())
                            .prepared(gpu.w().arena);
                });
    }

    /// The kernel for so many tokens.
    static String kernel(int tokens) {
        return "coarse_logits_n" + together(tokens);
    }

    static LaunchShape shape(int tokens, Mxfp4Tiles tiles, int multiprocessors) {
        int together = together(tokens);
        return new LaunchShape(multiprocessors, Math.ceilDiv(tokens, together), 1,
                together == MOST_TOKENS ? THREADS_OF_MOST : THREADS, 1, 1, sharedBytes(together, tiles));
    }

    private static int together(int tokens) {
        return tokens <= FEW_TOKENS ? FEW_TOKENS : MOST_TOKENS;
    }

    /// What a block keeps of its tokens: bf16 numbers to the end of the last tile.
    private static int sharedBytes(int tokens, Mxfp4Tiles tiles) {
        return 2 * tokens * tiles.across() * Mxfp4Tiles.TILE_COLUMNS;
    }

    Mxfp4Tiles tiles() {
        return tiles;
    }

    /// Address of the codes.
    long codes() {
        return buffer.address();
    }

    /// Address of the scales.
    long scales() {
        return buffer.address() + tiles.codeBytes();
    }

    /// Address of what rounding took from each row, in fp32, and behind the last row the largest of them.
    long errors() {
        return scales() + tiles.scaleBytes();
    }

    /// Sets the largest error to 0, from which rounding finds it.
    void clearLargestError(CudaStream stream) {
        buffer.fill((byte) 0, stream);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
