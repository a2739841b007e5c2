package org.moelab.gpu.model;

import java.util.List;
import java.util.stream.IntStream;

/// The sizes of a gpt-oss model; nothing else in the lab knows a size.
///
/// @param layers transformer layers
/// @param experts experts of a layer
/// @param chosen experts that see a token
/// @param hidden width of the hidden state
/// @param intermediate width within an expert
/// @param vocabulary number of tokens
/// @param queryHeads query heads
/// @param kvHeads key-value heads; each serves `queryHeads / kvHeads` query heads
/// @param headSize width of a head
/// @param slidingWindow keys that a sliding layer sees, the token itself included; 0 where no layer slides
/// @param sliding for each layer whether it slides
/// @param contextLength the longest context
/// @param epsilon of the root-mean-square norms
/// @param swigluLimit clamp of the gated activation
/// @param rope position embedding
/// @param endTokens tokens that end a text
public record MoeConfig(int layers, int experts, int chosen, int hidden, int intermediate, int vocabulary,
        int queryHeads, int kvHeads,
        int headSize, int slidingWindow, List<Boolean> sliding, int contextLength, float epsilon, float swigluLimit,
        RopeScaling rope,
        List<Integer> endTokens) {
    private static final int BLOCK = 32;

    public MoeConfig {
        sliding = List.copyOf(sliding);
        endTokens = List.copyOf(endTokens);
        require(layers > 0 && experts > 0 && hidden > 0 && intermediate > 0 && vocabulary > 0 && headSize > 0,
                "a size is not positive");
        require(chosen > 0 && chosen <= experts, chosen + " experts are chosen of " + experts);
        require(kvHeads > 0 && queryHeads % kvHeads == 0,
                queryHeads + " query heads do not share " + kvHeads + " key-value heads evenly");
        require(headSize % 2 == 0, "a head size of " + headSize + " is odd");
        require(sliding.size() == layers, sliding.size() + " layer types for " + layers + " layers");
        require(slidingWindow > 0 || !sliding.contains(true), "layers slide over " + slidingWindow + " keys");
        require(contextLength > 0, "a context of " + contextLength + " tokens");
        require(epsilon >= 0 && epsilon < 1, "an epsilon of " + epsilon);
        require(swigluLimit > 0, "a swiglu_limit of " + swigluLimit);
        require(hidden % BLOCK == 0 && intermediate % BLOCK == 0,
                "MXFP4 packs blocks of 32, but the widths are " + hidden + " and " + intermediate);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }

    /// gpt-oss-20b.
    public static MoeConfig gptOss20b() {
        return gptOss(24, 32);
    }

    /// gpt-oss-120b.
    public static MoeConfig gptOss120b() {
        return gptOss(36, 128);
    }

    private static MoeConfig gptOss(int layers, int experts) {
        return new MoeConfig(layers, experts, 4, 2880, 2880, 201_088, 64, 8, 64, 128, alternating(layers), 131_072,
                1e-5f, 7.0f, gptOssRope(),
                List.of(200_002, 199_999));
    }

    /// A model of the same architecture that a processor runs in a moment.
    public static MoeConfig tiny() {
        return new MoeConfig(4, 8, 4, 256, 256, 1024, 8, 2, 64, 16, alternating(4), 131_072, 1e-5f, 7.0f, gptOssRope(),
                List.of());
    }

    private static RopeScaling gptOssRope() {
        return new RopeScaling(150_000, 32, 4096, 32, 1, false);
    }

    /// Layers 0, 2, 4 … slide.
    static List<Boolean> alternating(int layers) {
        return IntStream.range(0, layers).mapToObj(l -> l % 2 == 0).toList();
    }

    /// The same model with its first layers only.
    MoeConfig withLayers(int count) {
        return new MoeConfig(count, experts, chosen, hidden, intermediate, vocabulary, queryHeads, kvHeads, headSize,
                slidingWindow, sliding.subList(0, count), contextLength, epsilon, swigluLimit, rope, endTokens);
    }

    /// Width of the queries of a token.
    public int queryWidth() {
        return queryHeads * headSize;
    }

    /// Width of the keys, and of the values, of a token.
    public int kvWidth() {
        return kvHeads * headSize;
    }

    /// Width of queries, keys and values side by side.
    public int qkvWidth() {
        return queryWidth() + 2 * kvWidth();
    }

    /// Keys that a layer looks back on, 0 for all.
    public int window(int layer) {
        return sliding.get(layer) ? slidingWindow : 0;
    }
}
