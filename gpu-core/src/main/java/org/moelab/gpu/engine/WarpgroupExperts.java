package org.moelab.gpu.engine;

import java.util.List;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;

/// The experts of very many tokens from packed weights, by warpgroup products: tokens are copied to places sorted by expert, and
/// blocks that stay multiply tile after tile of them.
///
/// @param stays whether as many blocks as there are multiprocessors take all work between them, or each takes one piece
/// @param specialised whether warps of their own ask for operands
/// @param overlaps whether the second product begins with a tile of tokens as soon as the first has written all of it, on
///                 multiprocessors where the first has nothing left to do
record WarpgroupExperts(SortedSlots sorted, boolean stays, boolean specialised, boolean overlaps) {
    static final String TECHNIQUE = "wgmma";
    static final String OVERLAP = "expert-overlap";
    /// Fewer slots an expert than this fill too little of a tile of these kernels: the streamed ones are then faster.
    static final int LEAST_SLOTS_AN_EXPERT = 32;

    private static final String MATMUL = "expert matmul";
    /// Switches of the kernels, and of their launch.
    private static final List<String> SWITCHES = List.of("tma", "warp-specialisation");
    private static final String STAYS = "persistent-kernels";
    private static final int TILE_TOKENS = 128;
    private static final int PLACES_TOGETHER = 8;
    private static final int BLOCK_ROWS = 192;
    private static final int CONSUMER_THREADS = 384;
    private static final int FILLER_THREADS = 64;
    /// Five stages of tokens, two slots of weights, outputs on their way, and what aligns them; as the kernel has it.
    private static final int SHARED_BYTES = 5 * TILE_TOKENS * 128 + 2 * 12 * 8 * 544 + 3 * 16 * (TILE_TOKENS + 8) * 4
            + 1024;
    private static final int SORT_THREADS = 128;

    static WarpgroupExperts of(StepShape shape) {
        return new WarpgroupExperts(
                new SortedSlots(shape.config(), shape.tokens(), TILE_TOKENS, PLACES_TOGETHER), shape.on(STAYS),
                shape.on("warp-specialisation"), shape.on(OVERLAP));
    }

    /// Whether a step's experts are these.
    static boolean fits(StepShape shape) {
        MoeConfig c = shape.config();
        return shape.on(TECHNIQUE) && shape.tokens() * c.chosen() > LEAST_SLOTS_AN_EXPERT * c.experts()
                && c.hidden() % 32 == 0;
    }

    private MoeConfig config() {
        return sorted.config();
    }

    /// One layer's experts, from the normed hidden state to the residual stream.
    ///
    /// @param at what their names begin with
    /// @param on tells which techniques are on
    List<Draft> layer(String at, int l, StepShape on) {
        Mxfp4Tiles up = Mxfp4Tiles.gateUp(config());
        Mxfp4Tiles down = Mxfp4Tiles.down(config());
        List<String> techniques = Stream
                .concat(Stream.of(SortedSlots.TECHNIQUE, "mxfp4", TECHNIQUE),
                        on.on(Stream.concat(SWITCHES.stream(), Stream.of(STAYS, OVERLAP)).toList()).stream())
                .toList();
        long slots = sorted.slots();
        long rowBytes = 2L * slots * config().hidden();
        return List.of(sorted.sort(at),
                Draft.kernel(at + "sort rows", "router and sort", "sort_rows",
                        Stream.concat(Stream.of(SortedSlots.TECHNIQUE, TECHNIQUE), on.on(List.of(OVERLAP)).stream())
                                .toList(),
                        rowBytes + 2L * sorted.tokens() * config().hidden(), 0,
                        (gpu, function) -> sortRows(gpu, function).prepared(gpu.w().arena)),
                Draft.kernel(at + "gate and up", MATMUL, "expert_gate_up_warpgroup_mxfp4", techniques,
                        weightBytes(up) + rowBytes + 2L * slots * config().intermediate(),
                        2L * slots * up.rows() * up.columns(),
                        (gpu, function) -> gateUp(gpu, function, l).prepared(gpu.w().arena)),
                Draft.kernel(at + "down", MATMUL, "expert_down_warpgroup_mxfp4", techniques,
                        weightBytes(down) + slots * (2L * config().intermediate() + 4L * config().hidden()),
                        2L * slots * down.rows() * down.columns(),
                        (gpu, function) -> down(gpu, function, l).prepared(gpu.w().arena)),
                sorted.combine(at));
    }

    private long weightBytes(Mxfp4Tiles tiles) {
        return sorted.seen() * (tiles.codeBytes() + tiles.scaleBytes());
    }

    /// @param rows rows of an expert's matrix that are written, which may be more than it has
    private LaunchShape shape(Draft.Gpu gpu, int rows) {
        int pieces = sorted.tiles() * Math.ceilDiv(rows, BLOCK_ROWS);
        return LaunchShape.of(stays ? Math.min(pieces, gpu.w().multiprocessors()) : pieces,
                CONSUMER_THREADS + (specialised ? FILLER_THREADS : 0)).withSharedBytes(SHARED_BYTES);
    }

    private long tokens(Draft.Gpu gpu) {
        return sorted.slabs(gpu.w(), "sorted tokens", config().hidden());
    }

    private long activated(Draft.Gpu gpu) {
        return sorted.slabs(gpu.w(), "sorted activations", config().intermediate());
    }

    private Launcher sortRows(Draft.Gpu gpu, CudaFunction function) {
        return Launcher
                .of(function,
                        LaunchShape.of(sorted.tokens(), SORT_THREADS)
                                .withSharedBytes(2 * SortedSlots.slabColumns(config().hidden())))
                .pointer(tokens(gpu)).pointer(gpu.w().normed.address()).pointer(sorted.at(gpu.w()).placeOf())
                .pointer(sorted.at(gpu.w()).finished()).int32(config().chosen()).int32(config().hidden())
                .int32(sorted.placeCount()).int32(sorted.tiles());
    }

    private Launcher gateUp(Draft.Gpu gpu, CudaFunction function, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.GATE_UP_CODES, l);
        SortedSlots.Places p = sorted.at(gpu.w());
        return Launcher.of(function, shape(gpu, 2 * SortedSlots.slabColumns(config().intermediate())))
                .pointer(activated(gpu)).pointer(packed.codes()).pointer(packed.scales())
                .pointer(gpu.model().address(WeightTensor.GATE_UP_BIAS, l)).pointer(tokens(gpu)).pointer(p.tiles())
                .pointer(p.tileCount()).pointer(p.finished()).int32(config().hidden()).int32(config().intermediate())
                .int32(sorted.placeCount()).float32(config().swigluLimit());
    }

    private Launcher down(Draft.Gpu gpu, CudaFunction function, int l) {
        DeviceModel.PackedMatrices packed = gpu.model().packed(WeightTensor.DOWN_CODES, l);
        SortedSlots.Places p = sorted.at(gpu.w());
        return Launcher.of(overlaps ? function.beginningEarly() : function, shape(gpu, config().hidden()))
                .pointer(p.outputs()).pointer(packed.codes()).pointer(packed.scales())
                .pointer(gpu.model().address(WeightTensor.DOWN_BIAS, l)).pointer(activated(gpu)).pointer(p.tiles())
                .pointer(p.tileCount()).pointer(p.finished()).int32(config().intermediate()).int32(config().hidden())
                .int32(sorted.placeCount());
    }
}
