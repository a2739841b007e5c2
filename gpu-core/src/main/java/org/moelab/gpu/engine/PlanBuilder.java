package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.CublasLt.Element;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// Turns a model and a set of techniques into the list of operations of one step.
///
/// A step runs `added` new tokens of each of `sequences` sequences, row by row. Where a technique has nothing to offer for
/// the step's shape, the plain operation stands in its place.
final class PlanBuilder {
    private static final int THREADS = 256;
    private static final int CHOICE_THREADS = 1024;
    private static final int ROWS_A_BLOCK = 8;
    private static final int TILE = 16;
    private static final int FUSED_HEAD_SIZE = 64;
    private static final int MAX_GEMV_TOKENS = 8;

    private final MoeConfig c;
    private final DeviceModel model;
    private final KernelLibrary kernels;
    private final Products products;
    private final Workspace w;
    private final Set<String> techniques;
    private final int sequences;
    private final int added;
    private final int tokens;
    private final int capacity;
    private final List<Operation> plan = new ArrayList<>();
    /// Whether `w.delta` waits to be added to the hidden state by the next norm.
    private boolean pendingResidual;

    PlanBuilder(DeviceModel model, KernelLibrary kernels, Products products, Workspace workspace,
            Set<String> techniques, int sequences, int added,
            int capacity) {
        this.c = model.config();
        this.model = model;
        this.kernels = kernels;
        this.products = products;
        this.w = workspace;
        this.techniques = techniques;
        this.sequences = sequences;
        this.added = added;
        this.tokens = sequences * added;
        this.capacity = capacity;
    }

    private boolean on(String technique) {
        return techniques.contains(technique);
    }

    /// Whether products are done as matrix-vector products.
    private boolean gemv() {
        return on("decode-gemv") && tokens <= MAX_GEMV_TOKENS && Integer.bitCount(tokens) == 1 && c.hidden() % 8 == 0
                && c.queryWidth() % 8 == 0
                && c.intermediate() % 8 == 0;
    }

    /// The whole step, up to the hidden state of every token.
    List<Operation> forward() {
        kernel("embedding", "norm and elementwise", "embed_tokens", "", 6L * tokens * c.hidden(), 0,
                Launcher.of(kernels, "embed_tokens", tokens, THREADS)
                        .pointer(w.hidden.address()).pointer(model.address(WeightTensor.EMBEDDING))
                        .pointer(w.ids.address()).int32(c.hidden()));
        for (int l = 0; l < c.layers(); l++) {
            attention(l);
            experts(l);
        }
        return plan;
    }

    /// What chooses each sequence's next token after such a step, and keeps it.
    List<Operation> choice() {
        String kind = "unembedding and sampling";
        long weight = model.address(WeightTensor.FINAL_NORM);
        int together = added == 1 ? sequences : 1; // only then do the last tokens lie side by side
        for (int s = 0; s < sequences; s += together) {
            long last = (long) s * added + added - 1;
            kernel("final norm" + (together == sequences ? "" : " of sequence " + s), "norm and elementwise",
                    "rms_norm", "", 6L * together * c.hidden(), 4L * together * c.hidden(),
                    Launcher.of(kernels, "rms_norm", together, THREADS)
                            .pointer(w.normed.address() + 2L * s * c.hidden())
                            .pointer(w.hidden.address() + 4L * last * c.hidden()).pointer(weight).int32(c.hidden())
                            .float32(c.epsilon()));
        }
        logits(sequences);
        long count = (long) sequences * c.vocabulary();
        kernel("choice", kind, "argmax", "", 4 * count, count,
                Launcher.of(kernels, "argmax", sequences, CHOICE_THREADS).pointer(w.ids.address())
                        .pointer(w.logits.address()).int32(c.vocabulary()));
        kernel("keep choice", kind, "keep_choice", "", 16L * sequences, 0,
                Launcher.of(kernels, "keep_choice", blocks(sequences), THREADS).pointer(w.chosen.address())
                        .pointer(w.positions.address()).pointer(w.ids.address()).int32(capacity + 1)
                        .int32(sequences));
        return plan;
    }

    /// Logits of the first `count` rows of `w.normed`.
    List<Operation> logits(int count) {
        long bytes = 2L * c.vocabulary() * c.hidden();
        long flops = 2L * count * c.vocabulary() * c.hidden();
        if (on("decode-gemv") && count <= MAX_GEMV_TOKENS && Integer.bitCount(count) == 1 && c.hidden() % 8 == 0) {
            gemv("unembedding", "unembedding and sampling", "float", count, w.logits.address(),
                    model.address(WeightTensor.UNEMBEDDING), 0, w.normed.address(),
                    c.vocabulary(), c.hidden(), c.vocabulary(), bytes, flops);
        } else {
            product("unembedding", "unembedding and sampling", count, c.vocabulary(), c.hidden(), w.logits.address(),
                    c.vocabulary(), Element.FLOAT,
                    w.normed.address(), model.address(WeightTensor.UNEMBEDDING), 0);
        }
        return plan;
    }

    private void attention(int l) {
        String at = "layer " + l + "/attention/";
        norm(at + "norm", model.address(WeightTensor.ATTENTION_NORM, l));
        projections(at, l);
        positions(at, l);
        if (on("fused-attention") && added == 1 && c.headSize() == FUSED_HEAD_SIZE) {
            fusedAttention(at, l);
        } else {
            plainAttention(at, l);
        }
        output(at, l);
    }

    /// Queries, keys and values.
    private void projections(String at, int l) {
        long x = w.normed.address();
        long qkv = w.qkv.address();
        long weights = model.address(WeightTensor.QKV, l);
        long bias = model.address(WeightTensor.QKV_BIAS, l);
        int width = c.qkvWidth();
        if (gemv()) {
            gemv(at + "qkv", "dense matmul", "out", tokens, qkv, weights, bias, x, width, c.hidden(), width,
                    2L * width * c.hidden(),
                    2L * tokens * width * c.hidden());
        } else {
            int q = c.queryWidth();
            int kv = c.kvWidth();
            product(at + "q", "dense matmul", tokens, q, c.hidden(), qkv, width, Element.BF16, x, weights, bias);
            product(at + "k", "dense matmul", tokens, kv, c.hidden(), qkv + 2L * q, width, Element.BF16, x,
                    weights + 2L * q * c.hidden(), bias + 2L * q);
            product(at + "v", "dense matmul", tokens, kv, c.hidden(), qkv + 2L * (q + kv), width, Element.BF16, x,
                    weights + 2L * (q + kv) * c.hidden(),
                    bias + 2L * (q + kv));
        }
    }

    /// The attention's output, added to the hidden state now or by the next norm.
    private void output(String at, int l) {
        long out = model.address(WeightTensor.OUT, l);
        long outBias = model.address(WeightTensor.OUT_BIAS, l);
        long bytes = 2L * c.hidden() * c.queryWidth();
        long flops = 2L * tokens * c.hidden() * c.queryWidth();
        if (gemv()) {
            gemv(at + "out", "dense matmul", "residual", tokens, w.hidden.address(), out, outBias, w.mixed.address(),
                    c.hidden(), c.queryWidth(), c.hidden(), bytes,
                    flops);
        } else {
            product(at + "out", "dense matmul", tokens, c.hidden(), c.queryWidth(), w.delta.address(), c.hidden(),
                    Element.BF16, w.mixed.address(), out, outBias);
            pendingResidual = true;
            if (!on("fused-add-norm")) {
                addResidual(at + "residual");
            }
        }
    }

    private void addResidual(String name) {
        long count = (long) tokens * c.hidden();
        kernel(name, "norm and elementwise", "add_residual", "", 10 * count, count,
                Launcher.of(kernels, "add_residual", blocks(count), THREADS)
                        .pointer(w.hidden.address()).pointer(w.delta.address()).int64(count));
        pendingResidual = false;
    }

    private static int blocks(long count) {
        return Math.toIntExact((count + THREADS - 1) / THREADS);
    }

    private void norm(String name, long weight) {
        long count = (long) tokens * c.hidden();
        if (pendingResidual) {
            pendingResidual = false;
            kernel(name, "norm and elementwise", "add_rms_norm", "fused-add-norm", 12 * count, 5 * count,
                    Launcher.of(kernels, "add_rms_norm", tokens, 1024).pointer(w.normed.address())
                            .pointer(w.hidden.address()).pointer(w.delta.address())
                            .pointer(weight).int32(c.hidden()).float32(c.epsilon()));
        } else {
            kernel(name, "norm and elementwise", "rms_norm", "", 6 * count, 4 * count,
                    Launcher.of(kernels, "rms_norm", tokens, THREADS).pointer(w.normed.address())
                            .pointer(w.hidden.address()).pointer(weight).int32(c.hidden()).float32(c.epsilon()));
        }
    }

    private void positions(String at, int l) {
        float concentration = c.rope().concentration();
        long moved = (long) tokens * c.qkvWidth() * 4;
        if (on("fused-rope-kv")) {
            kernel(at + "rope and cache", "attention", "rope_kv_append", "fused-rope-kv", moved,
                    3L * tokens * (c.queryWidth() + c.kvWidth()),
                    Launcher.of(kernels, "rope_kv_append",
                            new LaunchShape(tokens, c.queryHeads() + c.kvHeads(), 1, c.headSize() / 2, 1, 1, 0))
                            .pointer(w.qkv.address()).pointer(w.keys.get(l).address())
                            .pointer(w.values.get(l).address()).pointer(w.positions.address())
                            .pointer(w.sequences.address()).pointer(w.inverseFrequencies.address())
                            .float32(concentration).int32(capacity)
                            .int32(c.queryHeads()).int32(c.kvHeads()).int32(c.headSize()));
            return;
        }
        rope(at + "rope of q", 0, c.queryHeads(), concentration);
        rope(at + "rope of k", c.queryHeads(), c.kvHeads(), concentration);
        kernel(at + "cache", "attention", "kv_append", "", 8L * tokens * c.kvWidth(), 0,
                Launcher.of(kernels, "kv_append", tokens, THREADS).pointer(w.keys.get(l).address())
                        .pointer(w.values.get(l).address()).pointer(w.qkv.address())
                        .pointer(w.positions.address()).pointer(w.sequences.address()).int32(capacity)
                        .int32(c.qkvWidth()).int32(c.queryWidth()).int32(c.kvWidth()));
    }

    private void rope(String name, int firstHead, int heads, float concentration) {
        kernel(name, "attention", "rope", "", 4L * tokens * heads * c.headSize(), 3L * tokens * heads * c.headSize(),
                Launcher.of(kernels, "rope", new LaunchShape(tokens, heads, 1, c.headSize() / 2, 1, 1, 0))
                        .pointer(w.qkv.address()).pointer(w.positions.address())
                        .pointer(w.inverseFrequencies.address()).float32(concentration).int32(firstHead)
                        .int32(c.qkvWidth()).int32(c.headSize()));
    }

    private void fusedAttention(String at, int l) {
        int window = c.window(l);
        attentionKernel(at + "attention", "attention_decode", List.of("fused-attention"),
                length -> 4L * sequences * keys(length, window) * c.kvWidth() + 4L * tokens * c.queryWidth(),
                length -> 4L * sequences * pairs(length, window) * c.queryWidth(),
                Launcher.of(kernels, "attention_decode", new LaunchShape(c.queryHeads(), tokens, 1, THREADS, 1, 1, 0))
                        .pointer(w.mixed.address())
                        .pointer(w.qkv.address()).pointer(w.keys.get(l).address()).pointer(w.values.get(l).address())
                        .pointer(model.address(WeightTensor.SINKS, l))
                        .pointer(w.positions.address()).pointer(w.sequences.address()).int32(capacity)
                        .int32(c.window(l)).float32(scale())
                        .int32(c.qkvWidth()).int32(c.queryHeads()).int32(c.kvHeads()).prepared(w.arena));
    }

    /// Keys that the new tokens of one sequence see between them.
    private long keys(int length, int window) {
        return window == 0 ? (long) length + added : Math.min(length + added, window + added - 1);
    }

    /// Pairs of a new token and a key that it sees, of one sequence.
    private long pairs(int length, int window) {
        long pairs = 0;
        for (int t = 1; t <= added; t++) {
            pairs += window == 0 ? length + t : Math.min(length + t, window);
        }
        return pairs;
    }

    private float scale() {
        return (float) (1 / Math.sqrt(c.headSize()));
    }

    /// Scores, softmax and weighted values, sequence after sequence; the shapes follow the context, so the launches are laid
    /// out anew each step.
    private void plainAttention(String at, int l) {
        for (int s = 0; s < sequences; s++) {
            String of = sequences == 1 ? "" : " of sequence " + s;
            long qkv = w.qkv.address() + 2L * s * added * c.qkvWidth();
            long out = w.mixed.address() + 2L * s * added * c.queryWidth();
            long cache = 2L * s * capacity * c.kvWidth();
            long keys = w.keys.get(l).address() + cache;
            long values = w.values.get(l).address() + cache;
            int group = c.queryHeads() / c.kvHeads();
            int window = c.window(l);
            Operation.Cost all = length -> (long) c.queryHeads() * added * (length + added);
            Operation.Cost flops = length -> 2L * pairs(length, window) * c.queryWidth();
            Operation.Cost read = length -> 2L * keys(length, window) * c.kvWidth() + 2L * added * c.queryWidth();
            attentionKernel(at + "scores" + of, "attention_scores", List.of(),
                    length -> read.at(length) + 4 * all.at(length), flops,
                    (stream, step) -> Launcher.of(kernels, "attention_scores", tiles(step.length() + added))
                            .pointer(w.scores.address()).pointer(qkv).pointer(keys).int32(added)
                            .int32(step.length() + added).int32(window).float32(scale())
                            .int32(c.qkvWidth()).int32(c.headSize()).int32(group).int32(c.kvHeads()).run(stream));
            attentionKernel(at + "softmax" + of, "attention_softmax", List.of(), length -> 8 * all.at(length),
                    length -> 4 * all.at(length),
                    (stream, step) -> Launcher.of(kernels, "attention_softmax",
                            new LaunchShape(added, c.queryHeads(), 1, THREADS, 1, 1, 0)).pointer(w.scores.address())
                            .pointer(model.address(WeightTensor.SINKS, l))
                            .int32(added).int32(step.length() + added).run(stream));
            attentionKernel(at + "values" + of, "attention_values", List.of(),
                    length -> read.at(length) + 4 * all.at(length), flops,
                    (stream, step) -> Launcher.of(kernels, "attention_values", tiles(c.headSize()))
                            .pointer(out).pointer(w.scores.address()).pointer(values).int32(added)
                            .int32(step.length() + added).int32(c.queryHeads())
                            .int32(c.headSize()).int32(group).int32(c.kvHeads()).run(stream));
        }
    }

    private LaunchShape tiles(int columns) {
        return new LaunchShape((columns + TILE - 1) / TILE, (added + TILE - 1) / TILE, c.queryHeads(), TILE, TILE, 1,
                0);
    }

    private void attentionKernel(String name, String kernel, List<String> of, Operation.Cost bytes,
            Operation.Cost flops,
            Operation.Launch launch) {
        plan.add(new Operation(name, "attention", kernel, of, bytes, flops, launch));
    }

    private void experts(int l) {
        String at = "layer " + l + "/experts/";
        norm(at + "norm", model.address(WeightTensor.MOE_NORM, l));
        router(at, l);
        boolean packed = ExpertForm.of(techniques) == ExpertForm.MXFP4;
        if (packed && tokens <= PackedExperts.MAX_TOKENS) {
            plan.addAll(new PackedExperts(model, kernels, w).operations(at, l, tokens));
            return;
        }
        if (!packed && gemv()) {
            expertVectors(at, l);
            return;
        }
        ExpertMatrices matrices = packed
                ? ExpertMatrices.unpacked(model, kernels, w.room("unpacked expert", ExpertMatrices.bytes(c)))
                : ExpertMatrices.kept(model);
        HostExperts host = new HostExperts(c, kernels, products, w, tokens, matrices, on("fused-bias-swiglu"));
        long seen = Math.min(c.experts(), (long) tokens * c.chosen());
        plan.add(new Operation(at + "experts", "expert matmul", "cublasLt",
                Stream.of("fused-bias-swiglu", "mxfp4").filter(this::on).toList(),
                _ -> seen * ExpertMatrices.moved(c, packed),
                _ -> 6L * tokens * c.chosen() * c.intermediate() * c.hidden(),
                (stream, _) -> host.run(model, l, tokens, stream)));
    }

    private void router(String at, int l) {
        long bytes = 2L * c.experts() * c.hidden();
        long flops = 2L * tokens * c.experts() * c.hidden();
        long weights = model.address(WeightTensor.ROUTER, l);
        long bias = model.address(WeightTensor.ROUTER_BIAS, l);
        kernel(at + "router", "router and sort", "router_logits", "", bytes, flops,
                Launcher.of(kernels, "router_logits",
                        new LaunchShape((c.experts() + ROWS_A_BLOCK - 1) / ROWS_A_BLOCK, tokens, 1, THREADS, 1, 1,
                                4 * c.hidden()))
                        .pointer(w.routerLogits.address()).pointer(w.hidden.address())
                        .pointer(model.address(WeightTensor.MOE_NORM, l)).pointer(weights)
                        .pointer(bias).int32(c.experts()).int32(c.hidden()).float32(c.epsilon()));
        kernel(at + "top experts", "router and sort", "top_experts", "", tokens * (4L * c.experts() + 8L * c.chosen()),
                (long) tokens * c.chosen() * c.experts(),
                Launcher.of(kernels, "top_experts", tokens, 32).pointer(w.experts.address())
                        .pointer(w.routing.address()).pointer(w.routerLogits.address())
                        .int32(c.experts()).int32(c.chosen()));
    }

    /// The experts of a few tokens, their numbers read on the device.
    private void expertVectors(String at, int l) {
        int slots = tokens * c.chosen();
        long seen = Math.min(c.experts(), slots);
        int inner = c.intermediate();
        kernel(at + "gate and up", "expert matmul", "expert_gate_up_swiglu_bf16", "decode-gemv",
                seen * 4L * inner * c.hidden(), slots * 4L * inner * c.hidden(),
                Launcher.of(kernels, "expert_gate_up_swiglu_bf16",
                        new LaunchShape((inner + ROWS_A_BLOCK - 1) / ROWS_A_BLOCK, slots, 1, THREADS, 1, 1,
                                2 * c.hidden()))
                        .pointer(w.activated.address())
                        .pointer(model.address(WeightTensor.GATE_UP_CODES, l))
                        .pointer(model.address(WeightTensor.GATE_UP_BIAS, l)).pointer(w.normed.address())
                        .pointer(w.experts.address()).int32(c.chosen()).int32(c.hidden()).int32(inner)
                        .float32(c.swigluLimit()));
        kernel(at + "down", "expert matmul", "expert_down_combine_bf16", "decode-gemv", seen * 2L * inner * c.hidden(),
                slots * 2L * inner * c.hidden(),
                Launcher.of(kernels, "expert_down_combine_bf16",
                        new LaunchShape((c.hidden() + ROWS_A_BLOCK - 1) / ROWS_A_BLOCK, tokens, 1, THREADS, 1, 1,
                                2 * inner * c.chosen()))
                        .pointer(w.hidden.address()).pointer(model.address(WeightTensor.DOWN_CODES, l))
                        .pointer(model.address(WeightTensor.DOWN_BIAS, l))
                        .pointer(w.activated.address()).pointer(w.experts.address()).pointer(w.routing.address())
                        .int32(c.chosen()).int32(inner)
                        .int32(c.hidden()));
    }

    private void gemv(String name, String kind, String target, int rowsOfX, long out, long weights, long bias, long x,
            int rows, int inner, int outStride, long bytes,
            long flops) {
        String kernel = "gemv_bf16_" + target + "_t" + rowsOfX;
        kernel(name, kind, kernel, "decode-gemv", bytes, flops,
                Launcher.of(kernels, kernel,
                        new LaunchShape((rows + ROWS_A_BLOCK - 1) / ROWS_A_BLOCK, 1, 1, THREADS, 1, 1,
                                2 * rowsOfX * inner))
                        .pointer(out)
                        .pointer(weights).pointer(bias).pointer(x).int32(rows).int32(inner).int32(outStride));
    }

    private void product(String name, String kind, int rowsOfX, int rows, int inner, long out, int outStride,
            Element element, long x, long weights, long bias) {
        plan.add(new Operation(name, kind, "cublasLt", List.of(),
                _ -> 2L * rows * inner + 2L * rowsOfX * (rows + inner), _ -> 2L * rowsOfX * rows * inner,
                (stream, _) -> products.run(rowsOfX, rows, inner, out, outStride, element, x, weights, bias, stream)));
    }

    private void kernel(String name, String kind, String kernel, String technique, long bytes, long flops,
            Launcher launcher) {
        plan.add(new Operation(name, kind, kernel, technique.isEmpty() ? List.of() : List.of(technique),
                _ -> bytes, _ -> flops, launcher.prepared(w.arena)));
    }
}
