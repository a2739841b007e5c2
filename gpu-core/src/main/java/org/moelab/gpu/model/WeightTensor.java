package org.moelab.gpu.model;

/// The tensors that a model needs, as the engines keep them: queries, keys and values side by side, experts stacked, expert
/// matrices packed as MXFP4, all else bf16. Matrices are row-major, one row an output.
public enum WeightTensor {
    /// (vocabulary, hidden)
    EMBEDDING,
    /// (hidden)
    ATTENTION_NORM,
    /// (queryWidth + 2 kvWidth, hidden)
    QKV,
    /// (queryWidth + 2 kvWidth)
    QKV_BIAS,
    /// (queryHeads)
    SINKS,
    /// (hidden, queryWidth)
    OUT,
    /// (hidden)
    OUT_BIAS,
    /// (hidden)
    MOE_NORM,
    /// (experts, hidden)
    ROUTER,
    /// (experts)
    ROUTER_BIAS,
    /// (experts, 2 intermediate, hidden / 2): two FP4 codes a byte, the lower first
    GATE_UP_CODES,
    /// (experts, 2 intermediate, hidden / 32): one power-of-two scale for 32 codes
    GATE_UP_SCALES,
    /// (experts, 2 intermediate), gate and up in turn
    GATE_UP_BIAS,
    /// (experts, hidden, intermediate / 2)
    DOWN_CODES,
    /// (experts, hidden, intermediate / 32)
    DOWN_SCALES,
    /// (experts, hidden)
    DOWN_BIAS,
    /// (hidden)
    FINAL_NORM,
    /// (vocabulary, hidden)
    UNEMBEDDING;

    /// Whether each layer has one.
    public boolean isPerLayer() {
        return this != EMBEDDING && this != FINAL_NORM && this != UNEMBEDDING;
    }

    /// Whether it holds bytes (packed codes or scales) instead of bf16 numbers.
    public boolean isPacked() {
        return switch (this) {
            case GATE_UP_CODES, GATE_UP_SCALES, DOWN_CODES, DOWN_SCALES -> true;
            default -> false;
        };
    }

    /// How many numbers (or, where packed, bytes) one tensor holds.
    public long count(MoeConfig c) {
        long gateUp = (long) c.experts() * 2 * c.intermediate();
        long down = (long) c.experts() * c.hidden();
        return switch (this) {
            case EMBEDDING, UNEMBEDDING -> (long) c.vocabulary() * c.hidden();
            case ATTENTION_NORM, MOE_NORM, FINAL_NORM, OUT_BIAS -> c.hidden();
            case QKV -> (long) c.qkvWidth() * c.hidden();
            case QKV_BIAS -> c.qkvWidth();
            case SINKS -> c.queryHeads();
            case OUT -> (long) c.hidden() * c.queryWidth();
            case ROUTER -> (long) c.experts() * c.hidden();
            case ROUTER_BIAS -> c.experts();
            case GATE_UP_CODES -> gateUp * c.hidden() / 2;
            case GATE_UP_SCALES -> gateUp * c.hidden() / 32;
            case GATE_UP_BIAS -> gateUp;
            case DOWN_CODES -> down * c.intermediate() / 2;
            case DOWN_SCALES -> down * c.intermediate() / 32;
            case DOWN_BIAS -> down;
        };
    }

    /// The tensor's size in bytes.
    public long bytes(MoeConfig c) {
        return isPacked() ? count(c) : 2 * count(c);
    }
}
