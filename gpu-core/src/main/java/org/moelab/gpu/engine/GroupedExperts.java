package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Gpu;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;

/// The experts of many tokens from packed weights: slots (a token seen by one expert) are sorted by expert on the device, and
/// each expert's weights are read once for as many tokens as a tile holds. The host need not know the routing.
final class GroupedExperts {
    static final String TECHNIQUE = SortedSlots.TECHNIQUE;

    private static final String MATMUL = "expert matmul";
    /// Shared memory that a block may have, of 228 KiB of a multiprocessor of compute capability 9.0 and 10.0.
    private static final int MOST_SHARED = 227 * 1024;

    private final MoeConfig c;
    private final int slots;
    private final Kernels kernels;
    private final SortedSlots sorted;

    /// Kernels for tiles of so many tokens.
    ///
    /// @param tileTokens the most tokens of a tile
    /// @param name the part of the kernels' names
    /// @param warps warps of a block
    /// @param split warps that share the columns of a row of tiles; 0 where tokens pass through shared memory in stages
    private record Kernels(int tileTokens, String name, int warps, int split) {
        private static final int STAGES = 3;
        private static final int STAGED_COLUMNS = 128;

        boolean streamed() {
            return split > 0;
        }

        /// What a block keeps of rows of `inner` numbers in bf16, with two sets of sums of the shares.
        int sharedBytes(int inner) {
            if (!streamed()) {
                return STAGES * tileTokens * STAGED_COLUMNS * 2;
            }
            int across = Math.ceilDiv(inner, Mxfp4Tiles.TILE_COLUMNS);
            return tileTokens * across * Mxfp4Tiles.TILE_COLUMNS * 2
                    + 2 * (warps / split) * (split - 1) * tileTokens * Mxfp4Tiles.TILE_ROWS * Float.BYTES;
        }
    }

    private static final Kernels EIGHT = new Kernels(8, "stream_mxfp4_n8", 22, 2);
    private static final Kernels SIXTEEN = new Kernels(16, "stream_mxfp4_n16", 16, 2);
    private static final Kernels THIRTY_TWO = new Kernels(32, "stream_mxfp4_n32", 16, 2);
    private static final Kernels SIXTY_FOUR = new Kernels(64, "staged_mxfp4_n64", 4, 0);
    /// Weight rows of a block where tokens are staged.
    private static final int STAGED_ROWS = 128;

    GroupedExperts(MoeConfig config, int tokens) {
        this.c = config;
        this.slots = tokens * c.chosen();
        this.kernels = choose();
        this.sorted = new SortedSlots(c, tokens, kernels.tileTokens, 1);
    }

    /// The tiles that hold an expert's tokens without much to spare, if routing is even; or staged ones, where a row of the model
    /// is too long for shared memory.
    private Kernels choose() {
        double each = (double) slots / c.experts();
        Kernels wanted = each <= 6 ? EIGHT : each <= 12 ? SIXTEEN : each <= 32 ? THIRTY_TWO : SIXTY_FOUR;
        return wanted.sharedBytes(Math.max(c.hidden(), c.intermediate())) <= MOST_SHARED ? wanted : SIXTY_FOUR;
    }

    /// One layer's experts, from the normed hidden state to the residual stream.
    ///
    /// @param at what their names begin with
    List<Draft> layer(String at, int l) {
        Mxfp4Tiles up = Mxfp4Tiles.gateUp(c);
        Mxfp4Tiles down = Mxfp4Tiles.down(c);
        List<String> techniques = List.of(TECHNIQUE, "mxfp4");
        long seen = sorted.seen();
        return List.of(
                sorted.sort(at),
                Draft.kernel(at + "gate and up", MATMUL, "expert_gate_up_" + kernels.name, techniques,
                        seen * (up.codeBytes() + up.scaleBytes()) + 2L * slots * (c.hidden() + c.intermediate()),
                        2L * slots * up.rows() * up.columns(),
                        (gpu, function) -> gateUp(gpu, function, l).prepared(gpu.w().arena)),
                Draft.kernel(at + "down", MATMUL, "expert_down_" + kernels.name, techniques,
                        seen * (down.codeBytes() + down.scaleBytes())
                                + slots * (2L * c.intermediate() + 4L * c.hidden()),
                        2L * slots * down.rows() * down.columns(),
                        (gpu, function) -> down(gpu, function, l).prepared(gpu.w().arena)),
                sorted.combine(at));
    }

    private LaunchShape shape(Gpu gpu, Mxfp4Tiles tiles) {
        int shared = kernels.sharedBytes(tiles.columns());
        return kernels.streamed()
                ? new LaunchShape(gpu.w().multiprocessors(), 1, 1, kernels.warps * 32, 1, 1, shared)
                : new LaunchShape(Math.ceilDiv(tiles.rows(), STAGED_ROWS), sorted.tiles(), 1, kernels.warps * 32, 1, 1,
                        shared);
    }

    private Launcher gateUp(Gpu gpu, CudaFunction function, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.GATE_UP_CODES, l);
        SortedSlots.Places p = sorted.at(gpu.w());
        return Launcher.of(function, shape(gpu, packed.tiles())).pointer(gpu.w().activated.address())
                .pointer(packed.codes()).pointer(packed.scales())
                .pointer(gpu.model().address(WeightTensor.GATE_UP_BIAS, l)).pointer(gpu.w().normed.address())
                .pointer(p.tiles()).pointer(p.tileCount()).pointer(p.tokenOf()).int32(c.hidden())
                .int32(c.intermediate())
                .float32(c.swigluLimit());
    }

    private Launcher down(Gpu gpu, CudaFunction function, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.DOWN_CODES, l);
        SortedSlots.Places p = sorted.at(gpu.w());
        return Launcher.of(function, shape(gpu, packed.tiles())).pointer(p.outputs()).pointer(packed.codes())
                .pointer(packed.scales()).pointer(gpu.model().address(WeightTensor.DOWN_BIAS, l))
                .pointer(gpu.w().activated.address()).pointer(p.tiles()).pointer(p.tileCount()).int32(c.intermediate())
                .int32(c.hidden());
    }
}
