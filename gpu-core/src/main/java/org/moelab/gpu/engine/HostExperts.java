package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.moelab.gpu.cuda.CublasLt.Element;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// The experts as an eager framework runs them: the routing comes back to the host, which starts gather, product,
/// activation, product and scatter for each expert that was chosen.
final class HostExperts {
    private static final int THREADS = 256;

    private final MoeConfig config;
    private final KernelLibrary kernels;
    private final Products products;
    private final Workspace w;
    private final ExpertMatrices matrices;
    private final boolean fusedActivation;
    private final MemorySegment chosen;
    private final MemorySegment rows;
    private final MemorySegment slots;

    /// @param tokens the most tokens of a step
    /// @param matrices where the experts' matrices come from
    /// @param fusedActivation whether bias and activation are one kernel
    HostExperts(MoeConfig config, KernelLibrary kernels, Products products, Workspace workspace, int tokens,
            ExpertMatrices matrices, boolean fusedActivation) {
        this.config = config;
        this.kernels = kernels;
        this.products = products;
        this.w = workspace;
        this.matrices = matrices;
        this.fusedActivation = fusedActivation;
        long slotCount = (long) tokens * config.chosen();
        chosen = workspace.ints(slotCount);
        rows = workspace.ints(slotCount);
        slots = workspace.ints(slotCount);
    }

    /// Runs one layer's experts over the normed tokens and adds what they give to the hidden state.
    void run(DeviceModel model, int layer, int tokens, CudaStream stream) {
        int slotCount = tokens * config.chosen();
        w.experts.download(chosen.asSlice(0, slotCount * 4L), 0, stream);
        stream.synchronize();
        int[] begin = sortByExpert(slotCount);
        w.rows.upload(rows.asSlice(0, slotCount * 4L), 0, stream);
        w.slots.upload(slots.asSlice(0, slotCount * 4L), 0, stream);
        for (int e = 0; e < config.experts(); e++) {
            if (begin[e + 1] > begin[e]) {
                expert(model, layer, e, begin[e], begin[e + 1] - begin[e], stream);
            }
        }
    }

    /// Fills rows and slots expert by expert; the result says where each expert's begin.
    private int[] sortByExpert(int slotCount) {
        int[] begin = new int[config.experts() + 1];
        for (int s = 0; s < slotCount; s++) {
            begin[chosen.getAtIndex(ValueLayout.JAVA_INT, s) + 1]++;
        }
        for (int e = 0; e < config.experts(); e++) {
            begin[e + 1] += begin[e];
        }
        int[] next = begin.clone();
        for (int s = 0; s < slotCount; s++) {
            int at = next[chosen.getAtIndex(ValueLayout.JAVA_INT, s)]++;
            rows.setAtIndex(ValueLayout.JAVA_INT, at, s / config.chosen());
            slots.setAtIndex(ValueLayout.JAVA_INT, at, s);
        }
        return begin;
    }

    private void expert(DeviceModel model, int layer, int e, int first, int count, CudaStream stream) {
        int width = config.hidden();
        int inner = config.intermediate();
        long rowList = w.rows.address() + first * 4L;
        long gateUp = matrices.at(WeightTensor.GATE_UP_CODES, layer, e, stream);
        long gateUpBias = model.address(WeightTensor.GATE_UP_BIAS, layer) + 2L * e * 2 * inner;
        long downBias = model.address(WeightTensor.DOWN_BIAS, layer) + 2L * e * width;
        Launcher.of(kernels, "gather_rows", count, THREADS).pointer(w.gathered.address()).pointer(w.normed.address())
                .pointer(rowList).int32(width).run(stream);
        if (fusedActivation) {
            products.run(count, 2 * inner, width, w.gateUp.address(), 2 * inner, Element.FLOAT, w.gathered.address(),
                    gateUp, 0, stream);
            Launcher.of(kernels, "bias_swiglu", count, THREADS).pointer(w.activated.address())
                    .pointer(w.gateUp.address()).pointer(gateUpBias)
                    .int32(inner).float32(config.swigluLimit()).run(stream);
        } else {
            products.run(count, 2 * inner, width, w.gateUp.address(), 2 * inner, Element.BF16, w.gathered.address(),
                    gateUp, gateUpBias, stream);
            Launcher.of(kernels, "swiglu_interleaved", count, THREADS).pointer(w.activated.address())
                    .pointer(w.gateUp.address()).int32(inner)
                    .float32(config.swigluLimit()).run(stream);
        }
        long down = matrices.at(WeightTensor.DOWN_CODES, layer, e, stream);
        products.run(count, width, inner, w.expertOut.address(), width, Element.BF16, w.activated.address(), down,
                downBias, stream);
        Launcher.of(kernels, "scatter_add", count, THREADS).pointer(w.hidden.address()).pointer(w.expertOut.address())
                .pointer(rowList)
                .pointer(w.slots.address() + first * 4L).pointer(w.routing.address()).int32(width).run(stream);
    }
}
