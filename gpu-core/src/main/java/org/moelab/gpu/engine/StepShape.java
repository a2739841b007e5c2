package org.moelab.gpu.engine;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.gpu.model.MoeConfig;

/// What decides how a step is done: the model's sizes, the techniques that are on, and how many tokens run together.
///
/// @param config the model's sizes
/// @param techniques the techniques that are on, by id
/// @param sequences sequences that run side by side
/// @param added new tokens of each
/// @param capacity tokens that each sequence can grow to
record StepShape(MoeConfig config, Set<String> techniques, int sequences, int added, int capacity) {
    /// The most tokens of a matrix-vector product.
    static final int MAX_GEMV_TOKENS = 8;
    /// Numbers that one 16-byte load of a matrix-vector kernel brings.
    private static final int PIECE = 8;
    /// The width of heads that the kernels of whole attention take.
    static final int FUSED_HEAD_SIZE = 64;
    /// What the cluster that norms and routes a token can hold, as its kernel has it.
    private static final int ROUTED_COLUMNS = 4096;
    private static final int ROUTED_EXPERTS = 256;
    private static final int ROUTING_BLOCKS = 8;
    private static final int WARP = 32;
    /// Tokens of the router's tile, as its kernel has it.
    static final int ROUTER_TILE_TOKENS = 8;
    /// Fewer tokens than this give too few blocks of a tile each.
    private static final int LEAST_TILED_TOKENS = 1024;
    /// Shared memory that a block may have on every GPU of compute capability 8.0 or more.
    private static final int MOST_SHARED = 99 * 1024;
    /// The most query heads of a key head whose keys a cluster shares out.
    private static final int CLUSTER_HEADS = 8;

    StepShape {
        techniques = Set.copyOf(techniques);
    }

    /// Rows that the step works on: a token of a sequence each.
    int tokens() {
        return sequences * added;
    }

    boolean on(String technique) {
        return techniques.contains(technique);
    }

    /// Those of some techniques that are on, in their order.
    List<String> on(Collection<String> some) {
        return some.stream().filter(this::on).toList();
    }

    /// A technique with those of its kernel's switches that are on.
    List<String> applied(String technique, Collection<String> switches) {
        return Stream.concat(Stream.of(technique), switches.stream().filter(this::on)).toList();
    }

    /// The technique that sizes blocks of simple kernels, where it is on.
    List<String> sized() {
        return on(List.of("launch-sizing"));
    }

    /// The techniques that choose by timing, where they are on.
    List<String> tuned() {
        return on(Tuner.TECHNIQUE) ? on(List.of(Tuner.TECHNIQUE, Tuner.EVERY)) : List.of();
    }

    /// Whether experts are multiplied from packed weights.
    boolean packed() {
        return ExpertForm.of(techniques) == ExpertForm.MXFP4;
    }

    /// Whether the products of the layers are matrix-vector products where they read weights in bf16.
    boolean vectors() {
        return vectors(tokens()) && config.queryWidth() % PIECE == 0 && config.intermediate() % PIECE == 0;
    }

    /// Whether a product over the hidden width with so many rows of activations is a matrix-vector product.
    boolean vectors(int rows) {
        return on("decode-gemv") && rows <= MAX_GEMV_TOKENS && config.hidden() % PIECE == 0;
    }

    /// Whether a cluster of blocks norms each token and chooses its experts in one launch.
    boolean clusterRouting() {
        return on("dsmem") && tokens() <= MAX_GEMV_TOKENS && !residualWaits() && config.hidden() % PIECE == 0
                && config.hidden() <= ROUTED_COLUMNS && config.experts() % ROUTING_BLOCKS == 0
                && config.experts() <= ROUTED_EXPERTS && config.chosen() <= WARP;
    }

    /// Whether the router sees tiles of tokens in place of one after the other.
    boolean tiledRouter() {
        return on("tiling") && tokens() >= LEAST_TILED_TOKENS && config.hidden() % 2 == 0
                && ROUTER_TILE_TOKENS * 4 * config.hidden() <= MOST_SHARED;
    }

    /// Whether a product with so many rows of activations reads weights in FP8.
    ///
    /// @param most the most rows for which that pays
    private boolean fp8(int rows, int most) {
        return rows <= most && WeightForms.of(techniques, config).fp8();
    }

    /// Whether the dense products of the layers read weights in FP8.
    boolean fp8() {
        return fp8(tokens(), Fp8Products.MOST_ROWS_OF_A_LAYER);
    }

    /// Whether the unembedding of so many rows reads weights in FP8.
    boolean fp8Unembedding(int rows) {
        return fp8(rows, Fp8Products.MOST_ROWS);
    }

    /// Whether the choice of a token looks at weights in MXFP4 first, and at those in bf16 only of the tokens that may be the likeliest.
    boolean coarseChoice() {
        return on("architecture-sizing") && sequences <= CoarseUnembedding.MOST_TOKENS
                && WeightForms.of(techniques, config).coarse();
    }

    /// Whether the dense products of the layers are kernels of ours, which add biases and residuals themselves.
    boolean ownProducts() {
        return fp8() || vectors();
    }

    /// What the key-value cache holds.
    CacheForm cache() {
        return CacheForm.of(techniques, config);
    }

    /// Whether the key-value cache is in pages.
    boolean paged() {
        return PagedCache.suits(techniques, config);
    }

    /// Whether the product behind the attention's norm norms its token by itself.
    boolean normInProduct() {
        return on("custom-fusion") && on("async-pipeline") && tokens() == 1 && fp8() && Fp8Products.normsItself(config);
    }

    /// Whether attention is one kernel.
    boolean fusedAttention() {
        return on("fused-attention") && added == 1 && config.headSize() == FUSED_HEAD_SIZE;
    }

    /// Whether rotation, cache and attention of one new token are one launch, whose clusters share out the keys.
    boolean clusterAttention() {
        return on("cooperative-groups") && fusedAttention() && on("fused-rope-kv") && ownProducts()
                && tokens() <= MAX_GEMV_TOKENS && config.queryHeads() <= CLUSTER_HEADS * config.kvHeads();
    }

    /// Whether attention of many new tokens is one kernel.
    boolean flashAttention() {
        return on("flash-attention") && added > 1 && config.headSize() == FUSED_HEAD_SIZE;
    }

    /// Whether the attention's output waits to be added to the hidden state by the norm that follows.
    boolean residualWaits() {
        return on("fused-add-norm") && !ownProducts();
    }
}
