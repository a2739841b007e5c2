package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.moelab.gpu.cuda.CublasLt.Element;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// The experts as an eager framework runs them: the routing comes back to the host, once a layer, and the host starts
/// gather, product, activation, product and scatter for each expert that was chosen.
///
/// One serves all layers of a step. Parameters of launches are laid out once, so that starting an expert costs the host
/// five calls and nothing else.
final class HostExperts {
    private static final int GATHER_ROWS = 2;
    private static final int ACTIVATE_BIAS = 2;
    private static final int ADD_BIAS = 1;
    private static final int SCATTER_BIAS = 2;
    private static final int SCATTER_ROWS = 3;
    private static final int SCATTER_SLOTS = 4;

    private final MoeConfig config;
    private final DeviceModel model;
    private final Products products;
    private final Workspace w;
    private final ExpertMatrices matrices;
    private final boolean fusedActivation;
    private final MemorySegment chosen;
    private final MemorySegment rows;
    private final MemorySegment slots;
    private final int[] begin;
    private final int[] next;
    private final Launcher.Repeated gather;
    private final Launcher.Repeated addBias;
    private final Launcher.Repeated activate;
    private final Launcher.Repeated scatter;
    private final int gatherThreads;
    private final int biasThreads;
    private final int activateThreads;
    private final int scatterThreads;

    /// @param tokens tokens of the step
    /// @param matrices where the experts' matrices come from
    /// @param fusedActivation whether bias and activation are one kernel
    HostExperts(DeviceModel model, KernelLibrary kernels, Products products, Workspace workspace, BlockSizing sizing,
            int tokens, ExpertMatrices matrices, boolean fusedActivation) {
        this.model = model;
        this.config = model.config();
        this.products = products;
        this.w = workspace;
        this.matrices = matrices;
        this.fusedActivation = fusedActivation;
        long slotCount = (long) tokens * config.chosen();
        chosen = workspace.host.ints("routing", slotCount);
        rows = workspace.host.ints("routing", slotCount);
        slots = workspace.host.ints("routing", slotCount);
        begin = new int[config.experts() + 1];
        next = new int[config.experts() + 1];
        int width = config.hidden();
        int inner = config.intermediate();
        gather = Launcher.of(kernels, "gather_rows").pointer(w.gathered.address()).pointer(w.normed.address())
                .pointer(w.rows.address()).int32(width).repeated(w.arena);
        activate = fusedActivation
                ? Launcher.of(kernels, "bias_swiglu").pointer(w.activated.address()).pointer(w.gateUp.address())
                        .pointer(model.address(WeightTensor.GATE_UP_BIAS, 0)).int32(inner)
                        .float32(config.swigluLimit()).repeated(w.arena)
                : Launcher.of(kernels, "swiglu_interleaved").pointer(w.activated.address())
                        .pointer(w.gateUp.address()).int32(inner).float32(config.swigluLimit()).repeated(w.arena);
        addBias = Launcher.of(kernels, "add_bias").pointer(w.gateUp.address())
                .pointer(model.address(WeightTensor.GATE_UP_BIAS, 0)).int32(2 * inner).int32(2 * inner)
                .repeated(w.arena);
        scatter = Launcher.of(kernels, "scatter_add").pointer(w.hidden.address()).pointer(w.expertOut.address())
                .pointer(model.address(WeightTensor.DOWN_BIAS, 0)).pointer(w.rows.address()).pointer(w.slots.address())
                .pointer(w.routing.address()).int32(width)
                .repeated(w.arena);
        int usual = Math.toIntExact(Math.ceilDiv(slotCount, config.experts())); // tokens of an expert, on average
        gatherThreads = sizing.threads("gather_rows", usual, width);
        biasThreads = sizing.threads("add_bias", usual, 2 * inner);
        activateThreads = fusedActivation
                ? sizing.threads("bias_swiglu", usual, inner / 2)
                : sizing.threads("swiglu_interleaved", usual, inner);
        scatterThreads = sizing.threads("scatter_add", usual, width);
    }

    /// Runs one layer's experts over the normed tokens and adds what they give to the hidden state.
    void run(int layer, int tokens, CudaStream stream) {
        int slotCount = tokens * config.chosen();
        w.experts.download(chosen.asSlice(0, slotCount * 4L), stream);
        stream.synchronize(); // the lists of the layer before were uploaded by now, too
        sortByExpert(slotCount);
        w.rows.upload(rows.asSlice(0, slotCount * 4L), stream);
        w.slots.upload(slots.asSlice(0, slotCount * 4L), stream);
        for (int e = 0; e < config.experts(); e++) {
            if (begin[e + 1] > begin[e]) {
                expert(layer, e, begin[e], begin[e + 1] - begin[e], stream);
            }
        }
    }

    /// Fills rows and slots expert by expert; `begin` says where each expert's begin.
    private void sortByExpert(int slotCount) {
        Arrays.fill(begin, 0);
        for (int s = 0; s < slotCount; s++) {
            begin[chosen.getAtIndex(ValueLayout.JAVA_INT, s) + 1]++;
        }
        for (int e = 0; e < config.experts(); e++) {
            begin[e + 1] += begin[e];
        }
        System.arraycopy(begin, 0, next, 0, begin.length);
        for (int s = 0; s < slotCount; s++) {
            int at = next[chosen.getAtIndex(ValueLayout.JAVA_INT, s)]++;
            rows.setAtIndex(ValueLayout.JAVA_INT, at, s / config.chosen());
            slots.setAtIndex(ValueLayout.JAVA_INT, at, s);
        }
    }

    private void expert(int layer, int e, int first, int count, CudaStream stream) {
        int width = config.hidden();
        int inner = config.intermediate();
        long rowList = w.rows.address() + first * 4L;
        long gateUp = matrices.at(WeightTensor.GATE_UP_CODES, layer, e, stream);
        long gateUpBias = model.address(WeightTensor.GATE_UP_BIAS, layer) + 2L * e * 2 * inner;
        long downBias = model.address(WeightTensor.DOWN_BIAS, layer) + 2L * e * width;
        gather.parameters().setLong(GATHER_ROWS, rowList);
        gather.run(LaunchShape.of(count, gatherThreads), stream);
        products.run(count, 2 * inner, width, w.gateUp.address(), 2 * inner, Element.FLOAT, w.gathered.address(),
                gateUp, 0, stream);
        if (fusedActivation) {
            activate.parameters().setLong(ACTIVATE_BIAS, gateUpBias);
        } else {
            addBias.parameters().setLong(ADD_BIAS, gateUpBias);
            addBias.run(LaunchShape.of(count, biasThreads), stream);
        }
        activate.run(LaunchShape.of(count, activateThreads), stream);
        long down = matrices.at(WeightTensor.DOWN_CODES, layer, e, stream);
        products.run(count, width, inner, w.expertOut.address(), width, Element.FLOAT, w.activated.address(), down, 0,
                stream);
        scatter.parameters().setLong(SCATTER_BIAS, downBias);
        scatter.parameters().setLong(SCATTER_ROWS, rowList);
        scatter.parameters().setLong(SCATTER_SLOTS, w.slots.address() + first * 4L);
        scatter.run(LaunchShape.of(count, scatterThreads), stream);
    }
}
