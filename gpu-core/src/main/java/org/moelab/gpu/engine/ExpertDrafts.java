package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Binding;
import org.moelab.gpu.engine.Draft.Gpu;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// The experts of a layer, from the normed hidden state to what is added to the residual stream.
final class ExpertDrafts {
    private static final String ROUTING = "router and sort";
    private static final String MATMUL = "expert matmul";
    private static final int THREADS = 256;
    private static final int ROUTER_EXPERTS_A_BLOCK = 8;
    /// The switch of the routers of the layers that have it.
    private static final List<String> SHUFFLES = List.of("warp-shuffle");
    /// Blocks of the cluster that norms and routes a token.
    private static final int ROUTING_BLOCKS = 8;

    private final StepShape shape;
    private final MoeConfig c;
    private final ProductDrafts products;
    private final OptionalInt tile;
    private final int tokens;
    private final int slots;
    /// Experts that at least one token sees, if as many as can be.
    private final long seen;
    private Optional<HostExperts> onHost = Optional.empty();

    /// @param tile the most tokens of a tile of [GroupedExperts], where that was chosen by timing
    ExpertDrafts(StepShape shape, ProductDrafts products, OptionalInt tile) {
        this.tile = tile;
        this.shape = shape;
        this.c = shape.config();
        this.products = products;
        this.tokens = shape.tokens();
        this.slots = tokens * c.chosen();
        this.seen = Math.min(c.experts(), slots);
    }

    /// All of layer `l` behind the norm, or with it where one launch does both, `at` being where it stands in the model.
    List<Draft> layer(String at, int l) {
        List<Draft> drafts = new ArrayList<>(
                shape.clusterRouting()
                        ? List.of(normAndRoute(at, l))
                        : List.of(shape.tiledRouter() ? tiledRouter(at, l) : router(at, l), topExperts(at)));
        if (shape.packed() && tokens <= PackedExperts.MAX_TOKENS) {
            drafts.addAll(PackedExperts.of(shape).layer(at, l));
        } else if (shape.packed() && shape.on(GroupedExperts.TECHNIQUE) && WarpgroupExperts.fits(shape)) {
            drafts.addAll(WarpgroupExperts.of(shape).layer(at, l, shape));
        } else if (GroupedExperts.serve(shape)) {
            drafts.addAll(new GroupedExperts(shape, tile).layer(at, l));
        } else if (!shape.packed() && shape.vectors()) {
            drafts.addAll(List.of(gateUp(at, l), down(at, l)));
        } else if (!shape.packed() && shape.on(SlotExperts.TECHNIQUE) && slots <= SlotExperts.maxSlots(c)) {
            drafts.addAll(new SlotExperts(c, tokens).layer(at, l));
        } else {
            drafts.add(onHost(at, l));
        }
        return drafts;
    }

    private Draft router(String at, int l) {
        long bytes = 2L * c.experts() * (c.hidden() + 1) + 2L * c.hidden()
                + 4L * tokens * ((long) c.hidden() + c.experts());
        return Draft.kernel(at + "router", ROUTING, "router_logits", List.of(), bytes,
                2L * tokens * c.experts() * c.hidden(),
                (gpu, function) -> Launcher
                        .of(function,
                                new LaunchShape(
                                        (c.experts() + ROUTER_EXPERTS_A_BLOCK - 1) / ROUTER_EXPERTS_A_BLOCK, tokens, 1,
                                        THREADS, 1, 1, 4 * c.hidden()))
                        .pointer(gpu.w().routerLogits.address()).pointer(gpu.w().hidden.address())
                        .pointer(gpu.model().address(WeightTensor.MOE_NORM, l))
                        .pointer(gpu.model().address(WeightTensor.ROUTER, l))
                        .pointer(gpu.model().address(WeightTensor.ROUTER_BIAS, l)).int32(c.experts())
                        .int32(c.hidden()).float32(c.epsilon()).prepared(gpu.w().arena));
    }

    private Draft tiledRouter(String at, int l) {
        long bytes = 2L * c.experts() * (c.hidden() + 1) + 2L * c.hidden()
                + 4L * tokens * ((long) c.hidden() + c.experts());
        return Draft.kernel(at + "router", ROUTING, "router_logits_tiled", shape.applied("tiling", SHUFFLES), bytes,
                2L * tokens * c.experts() * c.hidden(),
                (gpu, function) -> Launcher
                        .of(function,
                                LaunchShape.of(Math.ceilDiv(tokens, StepShape.ROUTER_TILE_TOKENS), THREADS)
                                        .withSharedBytes(StepShape.ROUTER_TILE_TOKENS * 4 * c.hidden()))
                        .pointer(gpu.w().routerLogits.address()).pointer(gpu.w().hidden.address())
                        .pointer(gpu.model().address(WeightTensor.MOE_NORM, l))
                        .pointer(gpu.model().address(WeightTensor.ROUTER, l))
                        .pointer(gpu.model().address(WeightTensor.ROUTER_BIAS, l)).int32(tokens).int32(c.experts())
                        .int32(c.hidden()).float32(c.epsilon()).prepared(gpu.w().arena));
    }

    /// The norm and the choice of experts by a cluster of blocks a token.
    private Draft normAndRoute(String at, int l) {
        long bytes = 2L * c.experts() * (c.hidden() + 1) + 2L * c.hidden()
                + tokens * (6L * c.hidden() + 8L * c.chosen());
        return Draft.kernel(at + "norm and top experts", ROUTING, "norm_route", shape.applied("dsmem", SHUFFLES),
                bytes,
                tokens * (2L * c.experts() + 4) * c.hidden(),
                (gpu, function) -> Launcher
                        .of(function,
                                LaunchShape.of(ROUTING_BLOCKS * tokens, THREADS).inClustersOf(ROUTING_BLOCKS))
                        .pointer(gpu.w().normed.address()).pointer(gpu.w().experts.address())
                        .pointer(gpu.w().routing.address()).pointer(gpu.w().hidden.address())
                        .pointer(gpu.model().address(WeightTensor.MOE_NORM, l))
                        .pointer(gpu.model().address(WeightTensor.ROUTER, l))
                        .pointer(gpu.model().address(WeightTensor.ROUTER_BIAS, l)).int32(c.experts())
                        .int32(c.chosen()).int32(c.hidden()).float32(c.epsilon()).prepared(gpu.w().arena));
    }

    private Draft topExperts(String at) {
        return Draft.kernel(at + "top experts", ROUTING, "top_experts", List.of(),
                tokens * (4L * c.experts() + 8L * c.chosen()), (long) slots * c.experts(),
                (gpu, function) -> Launcher.of(function, LaunchShape.of(tokens, 32)).pointer(gpu.w().experts.address())
                        .pointer(gpu.w().routing.address()).pointer(gpu.w().routerLogits.address())
                        .int32(c.experts()).int32(c.chosen()).prepared(gpu.w().arena));
    }

    /// First product, bias and activation of a few tokens, the experts' numbers read on the device.
    private Draft gateUp(String at, int l) {
        int width = c.intermediate();
        long bytes = seen * (4L * width * c.hidden() + 4L * width) + 2L * tokens * c.hidden()
                + slots * (2L * width + 4);
        return Draft.kernel(at + "gate and up", MATMUL, "expert_gate_up_swiglu_bf16", products.applied(true), bytes,
                slots * 4L * width * c.hidden(),
                (gpu, function) -> Launcher
                        .of(function, products.launch(gpu, function, width, 1, slots, 2 * c.hidden()))
                        .pointer(gpu.w().activated.address())
                        .pointer(gpu.model().address(WeightTensor.GATE_UP_CODES, l))
                        .pointer(gpu.model().address(WeightTensor.GATE_UP_BIAS, l)).pointer(gpu.w().normed.address())
                        .pointer(gpu.w().experts.address()).int32(c.chosen()).int32(c.hidden()).int32(width)
                        .float32(c.swigluLimit()).prepared(gpu.w().arena));
    }

    /// Second product, bias, weighting, sum and residual.
    private Draft down(String at, int l) {
        int inner = c.intermediate();
        int width = c.hidden();
        long bytes = seen * (2L * inner * width + 2L * width) + slots * (2L * inner + 8) + 8L * tokens * width;
        return Draft.kernel(at + "down", MATMUL, "expert_down_combine_bf16", products.applied(true), bytes,
                slots * 2L * inner * width,
                (gpu, function) -> Launcher
                        .of(function, products.launch(gpu, function, width, 1, tokens, 2 * inner * c.chosen()))
                        .pointer(gpu.w().hidden.address()).pointer(gpu.model().address(WeightTensor.DOWN_CODES, l))
                        .pointer(gpu.model().address(WeightTensor.DOWN_BIAS, l)).pointer(gpu.w().activated.address())
                        .pointer(gpu.w().experts.address()).pointer(gpu.w().routing.address()).int32(c.chosen())
                        .int32(inner).int32(width).prepared(gpu.w().arena));
    }

    /// The host's loop over the experts.
    private Draft onHost(String at, int l) {
        return new Draft(at + "experts", MATMUL, Draft.LIBRARY,
                shape.on(List.of("fused-bias-swiglu", "launch-sizing", "mxfp4")),
                _ -> seen * ExpertMatrices.moved(c, shape.packed()),
                _ -> 6L * slots * c.intermediate() * c.hidden(), false, (Binding.Calls) gpu -> {
                    HostExperts host = host(gpu);
                    return (stream, _) -> host.run(l, tokens, stream);
                });
    }

    /// The one that serves all layers of the plan.
    private HostExperts host(Gpu gpu) {
        HostExperts made = onHost.orElseGet(() -> new HostExperts(gpu.model(), gpu.kernels(), gpu.products(), gpu.w(),
                gpu.sizing(), tokens,
                shape.packed()
                        ? ExpertMatrices.unpacked(gpu.model(), gpu.kernels(),
                                gpu.w().room("unpacked expert", ExpertMatrices.bytes(c)))
                        : ExpertMatrices.kept(gpu.model()),
                shape.on("fused-bias-swiglu")));
        onHost = Optional.of(made);
        return made;
    }
}
