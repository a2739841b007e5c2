package org.moelab.app.run;

import java.util.Optional;

import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.MemoryUse;
import org.moelab.gpu.bench.RunReport.Model;

/// Bytes of the key-value cache by the model's sizes, as the engine allocates it: every layer keeps every token, layers that
/// look back on a window only as well.
///
/// @param name of the numbers' form
/// @param tokenBytes of a token of one sequence, keys and values of all layers
public record CacheSize(String name, long tokenBytes) {
    private static final int SCALE_BYTES = 2;

    /// A cache in bf16: two bytes a number.
    public static CacheSize bf16(Model model) {
        return new CacheSize("bf16", 2L * width(model) * 2 * model.layers());
    }

    /// A cache in FP8: a byte a number, and for each head of a token two bytes of scales.
    public static CacheSize fp8(Model model) {
        return new CacheSize("FP8", (2L * width(model) + (long) SCALE_BYTES * model.kvHeads()) * model.layers());
    }

    private static long width(Model model) {
        return (long) model.kvHeads() * model.headSize();
    }

    /// Bytes for so many sequences of so many tokens.
    public double bytes(double tokens, int sequences) {
        return tokenBytes * tokens * sequences;
    }

    /// What a layer's run allocated for its cache; empty where nothing tells.
    public static Optional<Long> allocated(LayerResult layer) {
        return layer.memory().stream().filter(m -> m.purpose().equals("kv cache")).map(MemoryUse::bytes).findFirst();
    }

    /// What weights took of the device while the layer ran, those of other layers of the ladder that stayed loaded included;
    /// empty where nothing tells.
    public static Optional<Long> weights(LayerResult layer) {
        long bytes = layer.memory().stream()
                .filter(m -> m.purpose().startsWith("weights") || m.purpose().startsWith("experts ("))
                .mapToLong(MemoryUse::bytes).sum();
        return bytes > 0 ? Optional.of(bytes) : Optional.empty();
    }
}
