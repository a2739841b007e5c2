package org.moelab.gpu.engine;

import java.util.Set;

import org.moelab.gpu.model.MoeConfig;

/// What a set of techniques computes with of a model's weights, beside what all do: everything but the experts' matrices in
/// bf16.
///
/// @param experts how the experts' matrices are kept
/// @param fp8 whether the weights of attention and unembedding are there in FP8, too
/// @param coarse whether those of the unembedding are there in MXFP4, too
record WeightForms(ExpertForm experts, boolean fp8, boolean coarse) {
    static WeightForms of(Set<String> techniques, MoeConfig config) {
        return new WeightForms(ExpertForm.of(techniques),
                techniques.contains(Fp8Products.TECHNIQUE) && Fp8Products.suits(config),
                techniques.contains(CoarseUnembedding.TECHNIQUE) && CoarseUnembedding.suits(config));
    }

    long bytes(MoeConfig config) {
        return experts.bytes(config) + (fp8 ? Fp8Weights.bytes(config) : 0)
                + (coarse ? CoarseUnembedding.bytes(config) : 0);
    }

    /// For people: `experts packed`.
    String text() {
        return "experts " + (experts == ExpertForm.BF16 ? "in bf16" : "packed")
                + (fp8 ? " and attention and unembedding in FP8, too," : "")
                + (coarse ? " and the unembedding in MXFP4, too," : "");
    }
}
