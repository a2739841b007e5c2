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
record PackedExperts(MoeConfig config, int tokens) {
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

    /// One layer's experts, from the normed hidden state to the residual stream.
    ///
    /// @param at what their names begin with
    List<Draft> layer(String at, int l) {
        return List.of(
                draft(at + "gate and up", "expert_gate_up_swiglu_mxfp4", Mxfp4Tiles.gateUp(config),
                        (gpu, function) -> gateUp(gpu, function, l).prepared(gpu.w().arena)),
                draft(at + "down", "expert_down_combine_mxfp4", Mxfp4Tiles.down(config),
                        (gpu, function) -> down(gpu, function, l).prepared(gpu.w().arena)));
    }

    private Draft draft(String name, String kernel, Mxfp4Tiles tiles, Draft.Binding.Kernel binding) {
        long slots = (long) tokens * config.chosen();
        return Draft.kernel(name, "expert matmul", kernel, TECHNIQUES,
                Math.min(config.experts(), slots) * (tiles.codeBytes() + tiles.scaleBytes()),
                slots * 2 * tiles.rows() * tiles.columns(), binding);
    }

    private Launcher gateUp(Draft.Gpu gpu, CudaFunction function, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.GATE_UP_CODES, l);
        int shared = packed.tiles().across() * TILE_COLUMNS + WARPS * TILE_ROW_SUMS;
        return Launcher
                .of(function,
                        new LaunchShape((config.intermediate() + PAIRS_A_BLOCK - 1) / PAIRS_A_BLOCK,
                                tokens * config.chosen(), 1, THREADS, 1, 1, shared))
                .pointer(gpu.w().activated.address()).pointer(packed.codes()).pointer(packed.scales())
                .pointer(gpu.model().address(WeightTensor.GATE_UP_BIAS, l)).pointer(gpu.w().normed.address())
                .pointer(gpu.w().experts.address()).int32(config.chosen()).int32(config.hidden())
                .int32(config.intermediate()).float32(config.swigluLimit());
    }

    private Launcher down(Draft.Gpu gpu, CudaFunction function, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.DOWN_CODES, l);
        int chosen = config.chosen();
        int shared = chosen
                * (packed.tiles().across() * TILE_COLUMNS + Math.max(1, WARPS / chosen) * TILE_ROW_SUMS);
        return Launcher
                .of(function, new LaunchShape(config.hidden() / TILE_ROWS, tokens, 1, THREADS, 1, 1, shared))
                .pointer(gpu.w().hidden.address()).pointer(packed.codes()).pointer(packed.scales())
                .pointer(gpu.model().address(WeightTensor.DOWN_BIAS, l)).pointer(gpu.w().activated.address())
                .pointer(gpu.w().experts.address()).pointer(gpu.w().routing.address()).int32(chosen)
                .int32(config.intermediate()).int32(config.hidden());
    }
}
