package org.moelab.gpu.engine;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.gpu.model.MoeConfig;

/// What the key-value cache holds, the same for all steps of a session.
enum CacheForm {
    BF16(2, ""),
    /// E4M3 with a scale of 1.
    FP8(1, "_fp8");

    private static final String TECHNIQUE = "fp8-kv";
    /// The techniques whose kernels know FP8. Each of them reads or writes the cache: only where all are on do no others.
    private static final List<String> READERS_AND_WRITERS = List.of("fused-rope-kv", "fused-attention",
            "flash-attention");

    private final int bytes;
    private final String suffix;

    CacheForm(int bytes, String suffix) {
        this.bytes = bytes;
        this.suffix = suffix;
    }

    /// The form for a set of techniques, which does not depend on a step.
    static CacheForm of(Set<String> techniques, MoeConfig config) {
        return techniques.contains(TECHNIQUE) && techniques.containsAll(READERS_AND_WRITERS)
                && config.headSize() == StepShape.FUSED_HEAD_SIZE ? FP8 : BF16;
    }

    /// Bytes of a number.
    int bytes() {
        return bytes;
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
