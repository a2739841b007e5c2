package org.moelab.traces.roofline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The arithmetic that a rate or a count of operations is of. A fused multiply-add counts as two.
public enum Precision {
    FP64("FP64"), FP32("FP32"), FP16("FP16"), FP64_TENSOR("FP64 tensor"), TF32("TF32 tensor"),
    /// FP16 and BF16 on the tensor cores, which run both at the same rate.
    BF16("BF16 tensor"), FP8("FP8 tensor"), FP4("FP4 tensor");

    private final String title;

    Precision(String title) {
        this.title = title;
    }

    /// What people call it.
    public String title() {
        return title;
    }

    /// The name in files: `bf16`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The precision of this name in files.
    public static Optional<Precision> ofId(String id) {
        return Arrays.stream(values()).filter(p -> p.id().equals(id)).findFirst();
    }
}
