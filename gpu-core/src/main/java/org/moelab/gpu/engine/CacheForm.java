package org.moelab.gpu.engine;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.gpu.model.MoeConfig;

/// What the key-value cache holds, the same for all steps of a session.
enum CacheForm {
    BF16(2, 0, ""),
    /// E3M4 with two scales for each head of a token, a power of two for its keys and one for its values: their exponents,
    /// side by side.
    FP8(1, 2, "_fp8");

    /// What device memory for keys and values is called.
    static final String PURPOSE = "kv cache";
    private static final String TECHNIQUE = "fp8-kv";
    /// The techniques whose kernels know FP8 and pages. Each of them reads or writes the cache: only where all are on do no others.
    private static final List<String> READERS_AND_WRITERS = List.of("fused-rope-kv", "fused-attention",
            "flash-attention");

    private final int bytes;
    private final int scaleBytes;
    private final String suffix;

    CacheForm(int bytes, int scaleBytes, String suffix) {
        this.bytes = bytes;
        this.scaleBytes = scaleBytes;
        this.suffix = suffix;
    }

    /// The form for a set of techniques, which does not depend on a step.
    static CacheForm of(Set<String> techniques, MoeConfig config) {
        return techniques.contains(TECHNIQUE) && isTouchedByWholeKernels(techniques, config) ? FP8 : BF16;
    }

    /// Whether no kernel touches the cache but those that rotate and append at once, or do all of attention.
    static boolean isTouchedByWholeKernels(Set<String> techniques, MoeConfig config) {
        return techniques.containsAll(READERS_AND_WRITERS) && config.headSize() == StepShape.FUSED_HEAD_SIZE;
    }

    /// Bytes of a number.
    int bytes() {
        return bytes;
    }

    /// Bytes of the scales of a token's head, 0 where there are none.
    int scaleBytes() {
        return scaleBytes;
    }

    /// Bytes of a token's keys and values in one layer, with their scales.
    long tokenBytes(MoeConfig config) {
        return 2L * config.kvWidth() * bytes + (long) config.kvHeads() * scaleBytes;
    }

    /// A kernel for a cache of this form.
    String kernel(String name) {
        return name + suffix;
    }

    /// The techniques of a kernel for a cache of this form.
    List<String> applied(List<String> techniques) {
        return this == FP8 ? Stream.concat(techniques.stream(), Stream.of(TECHNIQUE)).toList() : techniques;
    }
}
