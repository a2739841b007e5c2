package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.Cublas;
import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Gpu;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// The experts of a few tokens without the host knowing the routing: a kernel works out where the weights of each slot (a
/// token seen by one expert) lie, and the library multiplies all slots in one batch.
///
/// An expert's weights are read once a slot, not once an expert, so this serves steps whose slots are no more than the
/// experts: then most experts see one token at the most.
final class SlotExperts {
    static final String TECHNIQUE = "kernel-design";
    private static final String KIND = "expert matmul";
    private static final String BATCHED = "cublasGemmBatchedEx";
    private static final int THREADS = BlockSizing.PLAIN_THREADS;

    private final MoeConfig c;
    private final int tokens;
    private final int slots;

    SlotExperts(MoeConfig config, int tokens) {
        this.c = config;
        this.tokens = tokens;
        this.slots = tokens * c.chosen();
    }

    /// The most slots that a step can have to be served.
    static int maxSlots(MoeConfig config) {
        return config.experts();
    }

    /// One layer's experts over the normed tokens, added to the hidden state.
    ///
    /// @param at what their names begin with
    List<Draft> layer(String at, int l) {
        int inner = c.intermediate();
        int hidden = c.hidden();
        long seen = Math.min(c.experts(), slots);
        return List.of(
                kernel(at + "addresses", "router and sort", "expert_pointers", 52L * slots, 0,
                        (gpu, function) -> pointers(gpu, function, l).prepared(gpu.w().arena)),
                batch(at + "gate and up", 2 * inner, hidden, 0, seen),
                kernel(at + "activation", KIND, "expert_bias_swiglu", 14L * slots * inner, 10L * slots * inner,
                        (gpu, function) -> activation(gpu, function, l).prepared(gpu.w().arena)),
                batch(at + "down", hidden, inner, 3, seen),
                kernel(at + "combine", KIND, "expert_combine", (8L + 6L * c.chosen()) * tokens * hidden,
                        (1L + 3L * c.chosen()) * tokens * hidden,
                        (gpu, function) -> combination(gpu, function, l).prepared(gpu.w().arena)));
    }

    private Launcher pointers(Gpu gpu, CudaFunction function, int l) {
        Workspace w = gpu.w();
        return Launcher.of(function, LaunchShape.of(Math.ceilDiv(slots, THREADS), THREADS))
                .pointer(w.slotAddresses.address()).pointer(w.experts.address())
                .pointer(gpu.model().address(WeightTensor.GATE_UP_CODES, l))
                .pointer(gpu.model().address(WeightTensor.DOWN_CODES, l)).pointer(w.normed.address())
                .pointer(w.gateUp.address()).pointer(w.activated.address()).pointer(w.expertOut.address())
                .int32(slots).int32(c.chosen()).int32(c.hidden()).int32(c.intermediate());
    }

    private Launcher activation(Gpu gpu, CudaFunction function, int l) {
        int width = c.intermediate();
        return Launcher.of(function, over(width, slots)).pointer(gpu.w().activated.address())
                .pointer(gpu.w().gateUp.address()).pointer(gpu.model().address(WeightTensor.GATE_UP_BIAS, l))
                .pointer(gpu.w().experts.address()).int32(width).float32(c.swigluLimit());
    }

    private Launcher combination(Gpu gpu, CudaFunction function, int l) {
        int width = c.hidden();
        return Launcher.of(function, over(width, tokens)).pointer(gpu.w().hidden.address())
                .pointer(gpu.w().expertOut.address()).pointer(gpu.model().address(WeightTensor.DOWN_BIAS, l))
                .pointer(gpu.w().experts.address()).pointer(gpu.w().routing.address()).int32(c.chosen()).int32(width);
    }

    private static LaunchShape over(int width, int rows) {
        return new LaunchShape(Math.ceilDiv(width, THREADS), rows, 1, THREADS, 1, 1, 0);
    }

    /// One batch of products; its addresses are three lists from this one on.
    private Draft batch(String name, int rows, int inner, int firstList, long seen) {
        return new Draft(name, KIND, BATCHED, List.of(TECHNIQUE),
                _ -> seen * 2 * rows * inner + slots * (2L * inner + 4L * rows), _ -> 2L * slots * rows * inner, true,
                (Draft.Binding.Calls) gpu -> {
                    long list = 8L * slots;
                    long weights = gpu.w().slotAddresses.address() + firstList * list;
                    Cublas.Queue library = gpu.resources().batches().orElseThrow();
                    return (_, _) -> library.multiply(slots, rows, inner, weights, weights + list, weights + 2 * list);
                });
    }

    private static Draft kernel(String name, String kind, String kernel, long bytes, long flops,
            Draft.Binding.Kernel binding) {
        return Draft.kernel(name, kind, kernel, List.of(TECHNIQUE), bytes, flops, binding);
    }
}
