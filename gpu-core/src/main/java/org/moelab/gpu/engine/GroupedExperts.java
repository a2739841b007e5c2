package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.CudaStream;
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
    private static final List<Kernels> ALL = List.of(EIGHT, SIXTEEN, THIRTY_TWO, SIXTY_FOUR);
    /// Weight rows of a block where tokens are staged.
    private static final int STAGED_ROWS = 128;

    private final List<String> techniques;

    /// @param tile the most tokens of a tile, where that was chosen by timing
    GroupedExperts(StepShape shape, OptionalInt tile) {
        this.c = shape.config();
        this.slots = shape.tokens() * c.chosen();
        this.kernels = tile.isPresent()
                ? ALL.stream().filter(k -> k.tileTokens == tile.getAsInt()).findFirst().orElseThrow()
                : choose();
        this.sorted = new SortedSlots(c, shape.tokens(), kernels.tileTokens, 1);
        this.techniques = Stream.concat(Stream.of(TECHNIQUE, "mxfp4"), shape.tuned().stream()).toList();
    }

    /// Whether these kernels do a step's experts.
    static boolean serve(StepShape shape) {
        return shape.packed() && shape.on(TECHNIQUE) && shape.tokens() > PackedExperts.MAX_TOKENS
                && !WarpgroupExperts.fits(shape);
    }

    /// The tiles that may hold a step's tokens: what [#choose] takes, then its neighbours, or all.
    ///
    /// @return the most tokens of each tile
    static List<Integer> candidates(StepShape shape, boolean all) {
        GroupedExperts usual = new GroupedExperts(shape, OptionalInt.empty());
        int at = ALL.indexOf(usual.kernels);
        Stream<Kernels> others = ALL.stream().filter(k -> !k.equals(usual.kernels) && usual.fits(k))
                .filter(k -> all || Math.abs(ALL.indexOf(k) - at) == 1);
        return Stream.concat(Stream.of(usual.kernels), others).map(Kernels::tileTokens).toList();
    }

    /// The tile that does the first layer's experts fastest, if routing is random.
    static int tuned(StepShape shape, Gpu gpu, Tuner tuner) {
        MoeConfig c = shape.config();
        List<Integer> tiles = candidates(shape, tuner.all());
        String question = "experts of " + shape.tokens() + " tokens, " + c.chosen() + " of " + c.experts() + " of "
                + c.hidden() + " x " + c.intermediate();
        CudaStream stream = gpu.resources().stream();
        int best = tuner.choose(question, tiles.stream().map(tile -> "tiles of " + tile).toList(), _ -> {
            route(shape, gpu, stream);
            List<List<Operation>> ways = tiles.stream()
                    .map(tile -> new GroupedExperts(shape, OptionalInt.of(tile)).timed(gpu)).toList();
            return (candidate, to) -> ways.get(candidate)
                    .forEach(operation -> operation.launch().into(to, new Operation.Step(0)));
        }, stream);
        return tiles.get(best);
    }

    /// What differs between tiles: all but the last operation, which adds to the residual stream.
    private List<Operation> timed(Gpu gpu) {
        return layer("", 0).subList(0, 3).stream().map(draft -> draft.on(gpu)).toList();
    }

    /// Sends each token to experts at random, as a router would write it; every step writes that anew.
    private static void route(StepShape shape, Gpu gpu, CudaStream stream) {
        MoeConfig c = shape.config();
        Random random = new Random(1);
        List<Integer> experts = new ArrayList<>(IntStream.range(0, c.experts()).boxed().toList());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ids = arena.allocate(ValueLayout.JAVA_INT, (long) shape.tokens() * c.chosen());
            for (int token = 0; token < shape.tokens(); token++) {
                Collections.shuffle(experts, random);
                for (int i = 0; i < c.chosen(); i++) {
                    ids.setAtIndex(ValueLayout.JAVA_INT, (long) token * c.chosen() + i, experts.get(i));
                }
            }
            gpu.w().experts.upload(ids, stream);
            stream.synchronize();
        }
    }

    /// The tiles that hold an expert's tokens without much to spare, if routing is even; or staged ones, where a row of the model
    /// is too long for shared memory.
    private Kernels choose() {
        double each = (double) slots / c.experts();
        Kernels wanted = each <= 6 ? EIGHT : each <= 12 ? SIXTEEN : each <= 32 ? THIRTY_TWO : SIXTY_FOUR;
        return fits(wanted) ? wanted : SIXTY_FOUR;
    }

    private boolean fits(Kernels some) {
        return some.sharedBytes(Math.max(c.hidden(), c.intermediate())) <= MOST_SHARED;
    }

    /// One layer's experts, from the normed hidden state to the residual stream.
    ///
    /// @param at what their names begin with
    List<Draft> layer(String at, int l) {
        Mxfp4Tiles up = Mxfp4Tiles.gateUp(c);
        Mxfp4Tiles down = Mxfp4Tiles.down(c);
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
