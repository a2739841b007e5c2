package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;

/// The experts of a few tokens from packed weights, whose numbers are read on the device: two launches a layer, the same
/// every step.
///
/// @param tokens tokens of the step, at most [#MAX_TOKENS]
/// @param bulk whether weights come by bulk copies
/// @param clusters whether the blocks of a cluster add up what the experts of a token give
record PackedExperts(MoeConfig config, int tokens, boolean bulk, boolean clusters) {
    /// More tokens than this share their experts so often that unpacking pays.
    static final int MAX_TOKENS = 8;

    private static final int THREADS = 256;
    private static final int WARPS = THREADS / 32;
    private static final int PAIRS_A_BLOCK = 32;
    private static final int TILE_ROWS = 16;
    private static final int TILE_ROW_SUMS = TILE_ROWS * Float.BYTES;
    /// Bytes of the activations beside a tile's 64 columns.
    private static final int TILE_COLUMNS = 128;
    private static final List<String> TECHNIQUES = List.of("mxfp4");
    /// Bytes of a tile's codes and scales.
    private static final int TILE_BYTES = 544;
    private static final int BULK_TILES_A_BLOCK = 2;
    private static final int BULK_WARPS_A_TILE = 4;
    /// The most blocks of a cluster that any GPU with clusters allows.
    private static final int MOST_IN_CLUSTER = 8;

    static PackedExperts of(StepShape shape) {
        boolean bulk = shape.on("tma");
        return new PackedExperts(shape.config(), shape.tokens(), bulk,
                bulk && shape.on("dsmem") && shape.config().chosen() <= MOST_IN_CLUSTER);
    }

    /// One layer's experts, from the normed hidden state to the residual stream.
    ///
    /// @param at what their names begin with
    List<Draft> layer(String at, int l) {
        Mxfp4Tiles up = Mxfp4Tiles.gateUp(config);
        Mxfp4Tiles down = Mxfp4Tiles.down(config);
        return List.of(
                bulk
                        ? draft(at + "gate and up", "expert_gate_up_bulk_mxfp4", List.of("tma", "mxfp4"), up,
                                (gpu, function) -> gateUp(gpu, function, bulkUpShape(up), l).prepared(gpu.w().arena))
                        : draft(at + "gate and up", "expert_gate_up_swiglu_mxfp4", TECHNIQUES, up,
                                (gpu, function) -> gateUp(gpu, function, upShape(up), l).prepared(gpu.w().arena)),
                clusters
                        ? draft(at + "down", "expert_down_cluster_mxfp4", List.of("tma", "dsmem", "mxfp4"), down,
                                (gpu, function) -> down(gpu, function, clusterShape(down), l).prepared(gpu.w().arena))
                        : draft(at + "down", "expert_down_combine_mxfp4", TECHNIQUES, down,
                                (gpu, function) -> down(gpu, function, downShape(down), l).prepared(gpu.w().arena)));
    }

    private Draft draft(String name, String kernel, List<String> techniques, Mxfp4Tiles tiles,
            Draft.Binding.Kernel binding) {
        long slots = (long) tokens * config.chosen();
        return Draft.kernel(name, "expert matmul", kernel, techniques,
                Math.min(config.experts(), slots) * (tiles.codeBytes() + tiles.scaleBytes()),
                slots * 2 * tiles.rows() * tiles.columns(), binding);
    }

    private LaunchShape upShape(Mxfp4Tiles tiles) {
        return new LaunchShape((config.intermediate() + PAIRS_A_BLOCK - 1) / PAIRS_A_BLOCK, tokens * config.chosen(), 1,
                THREADS, 1, 1, tiles.across() * TILE_COLUMNS + WARPS * TILE_ROW_SUMS);
    }

    private LaunchShape bulkUpShape(Mxfp4Tiles tiles) {
        int rowTiles = Math.ceilDiv(2 * config.intermediate(), TILE_ROWS);
        return new LaunchShape(Math.ceilDiv(rowTiles, BULK_TILES_A_BLOCK), tokens * config.chosen(), 1,
                BULK_TILES_A_BLOCK * BULK_WARPS_A_TILE * 32, 1, 1, bulkBytes(tiles, BULK_TILES_A_BLOCK));
    }

    private LaunchShape downShape(Mxfp4Tiles tiles) {
        int chosen = config.chosen();
        return new LaunchShape(config.hidden() / TILE_ROWS, tokens, 1, THREADS, 1, 1,
                chosen * (tiles.across() * TILE_COLUMNS + Math.max(1, WARPS / chosen) * TILE_ROW_SUMS));
    }

    private LaunchShape clusterShape(Mxfp4Tiles tiles) {
        int chosen = config.chosen();
        return new LaunchShape(chosen * (config.hidden() / TILE_ROWS), tokens, 1, BULK_WARPS_A_TILE * 32, 1, 1,
                bulkBytes(tiles, 1)).inClustersOf(chosen);
    }

    /// What a block holds of rows of tiles and of one token.
    private static int bulkBytes(Mxfp4Tiles tiles, int rowTiles) {
        return tiles.across() * (rowTiles * TILE_BYTES + TILE_COLUMNS);
    }

    private Launcher gateUp(Draft.Gpu gpu, CudaFunction function, LaunchShape shape, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.GATE_UP_CODES, l);
        return Launcher.of(function, shape)
                .pointer(gpu.w().activated.address()).pointer(packed.codes()).pointer(packed.scales())
                .pointer(gpu.model().address(WeightTensor.GATE_UP_BIAS, l)).pointer(gpu.w().normed.address())
                .pointer(gpu.w().experts.address()).int32(config.chosen()).int32(config.hidden())
                .int32(config.intermediate()).float32(config.swigluLimit());
    }

    private Launcher down(Draft.Gpu gpu, CudaFunction function, LaunchShape shape, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.DOWN_CODES, l);
        return Launcher.of(function, shape)
                .pointer(gpu.w().hidden.address()).pointer(packed.codes()).pointer(packed.scales())
                .pointer(gpu.model().address(WeightTensor.DOWN_BIAS, l)).pointer(gpu.w().activated.address())
                .pointer(gpu.w().experts.address()).pointer(gpu.w().routing.address()).int32(config.chosen())
                .int32(config.intermediate()).int32(config.hidden());
    }
}
