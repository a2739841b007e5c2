package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;

/// The experts of a few tokens from packed weights, whose numbers are read on the device: two launches a layer, the same
/// every step.
record PackedExperts(DeviceModel model, KernelLibrary kernels, Workspace w) {
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

    /// The operations of one layer.
    ///
    /// @param at what their names begin with
    List<Operation> operations(String at, int layer, int tokens) {
        return List.of(gateUp(at, layer, tokens), down(at, layer, tokens));
    }

    private Operation gateUp(String at, int layer, int tokens) {
        MoeConfig c = model.config();
        DeviceModel.PackedMatrices packed = model.packed(WeightTensor.GATE_UP_CODES, layer);
        int shared = packed.tiles().across() * TILE_COLUMNS + WARPS * TILE_ROW_SUMS;
        Launcher launcher = Launcher
                .of(kernels, "expert_gate_up_swiglu_mxfp4",
                        new LaunchShape((c.intermediate() + PAIRS_A_BLOCK - 1) / PAIRS_A_BLOCK, tokens * c.chosen(), 1,
                                THREADS, 1, 1, shared))
                .pointer(w.activated.address()).pointer(packed.codes()).pointer(packed.scales())
                .pointer(model.address(WeightTensor.GATE_UP_BIAS, layer)).pointer(w.normed.address())
                .pointer(w.experts.address()).int32(c.chosen()).int32(c.hidden()).int32(c.intermediate())
                .float32(c.swigluLimit());
        return operation(at + "gate and up", "expert_gate_up_swiglu_mxfp4", packed.tiles(), tokens, launcher);
    }

    private Operation down(String at, int layer, int tokens) {
        MoeConfig c = model.config();
        DeviceModel.PackedMatrices packed = model.packed(WeightTensor.DOWN_CODES, layer);
        int shared = c.chosen()
                * (packed.tiles().across() * TILE_COLUMNS + Math.max(1, WARPS / c.chosen()) * TILE_ROW_SUMS);
        Launcher launcher = Launcher
                .of(kernels, "expert_down_combine_mxfp4",
                        new LaunchShape(c.hidden() / TILE_ROWS, tokens, 1, THREADS, 1, 1, shared))
                .pointer(w.hidden.address()).pointer(packed.codes()).pointer(packed.scales())
                .pointer(model.address(WeightTensor.DOWN_BIAS, layer)).pointer(w.activated.address())
                .pointer(w.experts.address()).pointer(w.routing.address()).int32(c.chosen())
                .int32(c.intermediate()).int32(c.hidden());
        return operation(at + "down", "expert_down_combine_mxfp4", packed.tiles(), tokens, launcher);
    }

    private Operation operation(String name, String kernel, Mxfp4Tiles tiles, int tokens, Launcher launcher) {
        long slots = (long) tokens * model.config().chosen();
        long bytes = Math.min(model.config().experts(), slots) * (tiles.codeBytes() + tiles.scaleBytes());
        long flops = slots * 2 * tiles.rows() * tiles.columns();
        return new Operation(name, "expert matmul", kernel, TECHNIQUES, _ -> bytes, _ -> flops,
                launcher.prepared(w.arena));
    }
}
