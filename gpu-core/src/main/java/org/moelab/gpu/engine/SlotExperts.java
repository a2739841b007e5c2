package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.Cublas;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// The experts of a few tokens without the host knowing the routing: a kernel works out where the weights of each slot (a
/// token seen by one expert) lie, and the library multiplies all slots in one batch.
///
/// An expert's weights are read once a slot, not once an expert, so this serves steps whose slots are no more than the
/// experts: then most experts see one token at the most.
final class SlotExperts {
    private static final String TECHNIQUE = "kernel-design";
    private static final String KIND = "expert matmul";
    private static final String BATCHED = "cublasGemmBatchedEx";
    private static final int THREADS = BlockSizing.PLAIN_THREADS;

    private final DeviceModel model;
    private final MoeConfig c;
    private final KernelLibrary kernels;
    private final Cublas.Queue library;
    private final Workspace w;
    private final int tokens;
    private final int slots;

    SlotExperts(DeviceModel model, KernelLibrary kernels, Cublas.Queue library, Workspace workspace, int tokens) {
        this.model = model;
        this.c = model.config();
        this.kernels = kernels;
        this.library = library;
        this.w = workspace;
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
    List<Operation> operations(String at, int layer) {
        int inner = c.intermediate();
        int hidden = c.hidden();
        long seen = Math.min(c.experts(), slots);
        return List.of(
                kernel(at + "addresses", "router and sort", "expert_pointers", 52L * slots, 0, pointers(layer)),
                batch(at + "gate and up", 2 * inner, hidden, 0, seen),
                kernel(at + "activation", KIND, "expert_bias_swiglu", 14L * slots * inner, 10L * slots * inner,
                        activation(layer)),
                batch(at + "down", hidden, inner, 3, seen),
                kernel(at + "combine", KIND, "expert_combine", (8L + 6L * c.chosen()) * tokens * hidden,
                        (1L + 3L * c.chosen()) * tokens * hidden, combination(layer)));
    }

    private Launcher pointers(int layer) {
        return Launcher.of(kernels, "expert_pointers", Math.ceilDiv(slots, THREADS), THREADS)
                .pointer(w.slotAddresses.address()).pointer(w.experts.address())
                .pointer(model.address(WeightTensor.GATE_UP_CODES, layer))
                .pointer(model.address(WeightTensor.DOWN_CODES, layer)).pointer(w.normed.address())
                .pointer(w.gateUp.address()).pointer(w.activated.address()).pointer(w.expertOut.address())
                .int32(slots).int32(c.chosen()).int32(c.hidden()).int32(c.intermediate());
    }

    private Launcher activation(int layer) {
        int width = c.intermediate();
        return Launcher.of(kernels, "expert_bias_swiglu", over(width, slots)).pointer(w.activated.address())
                .pointer(w.gateUp.address()).pointer(model.address(WeightTensor.GATE_UP_BIAS, layer))
                .pointer(w.experts.address()).int32(width).float32(c.swigluLimit());
    }

    private Launcher combination(int layer) {
        int width = c.hidden();
        return Launcher.of(kernels, "expert_combine", over(width, tokens)).pointer(w.hidden.address())
                .pointer(w.expertOut.address()).pointer(model.address(WeightTensor.DOWN_BIAS, layer))
                .pointer(w.experts.address()).pointer(w.routing.address()).int32(c.chosen()).int32(width);
    }

    private static LaunchShape over(int width, int rows) {
        return new LaunchShape(Math.ceilDiv(width, THREADS), rows, 1, THREADS, 1, 1, 0);
    }

    /// One batch of products; its addresses are three lists from this one on.
    private Operation batch(String name, int rows, int inner, int firstList, long seen) {
        long list = 8L * slots;
        long weights = w.slotAddresses.address() + firstList * list;
        return new Operation(name, KIND, BATCHED, List.of(TECHNIQUE),
                _ -> seen * 2 * rows * inner + slots * (2L * inner + 4L * rows), _ -> 2L * slots * rows * inner,
                (_, _) -> library.multiply(slots, rows, inner, weights, weights + list, weights + 2 * list));
    }

    private Operation kernel(String name, String kind, String kernel, long bytes, long flops, Launcher launcher) {
        return new Operation(name, kind, kernel, List.of(TECHNIQUE), _ -> bytes, _ -> flops,
                launcher.prepared(w.arena));
    }
}
