package org.moelab.gpu.engine;

import java.util.Arrays;

/// Which experts see a token, and with what weight.
///
/// @param experts the chosen ones by falling logit, the lower number first among equals
/// @param weights the softmax over the chosen logits
@SuppressWarnings("ArrayRecordComponent") // looked at by index, never compared
record Routing(int[] experts, float[] weights) {
    /// The routing of one token by its logits at [offset, offset + count).
    static Routing of(float[] logits, int offset, int count, int chosen) {
        return falling(logits, offset, new boolean[count], chosen);
    }

    /// The routing of one token whose experts are given: their order and weights by its logits, one an expert.
    static Routing among(float[] logits, int[] given) {
        boolean[] taken = new boolean[logits.length];
        Arrays.fill(taken, true);
        for (int expert : given) {
            taken[expert] = false;
        }
        return falling(logits, 0, taken, given.length);
    }

    /// The best experts that are not taken yet.
    private static Routing falling(float[] logits, int offset, boolean[] taken, int chosen) {
        int[] experts = new int[chosen];
        float[] weights = new float[chosen];
        float sum = 0;
        for (int k = 0; k < chosen; k++) {
            int best = -1;
            for (int e = 0; e < taken.length; e++) {
                if (!taken[e] && (best < 0 || logits[offset + e] > logits[offset + best])) {
                    best = e;
                }
            }
            taken[best] = true;
            experts[k] = best;
            weights[k] = (float) Math.exp(logits[offset + best] - logits[offset + experts[0]]);
            sum += weights[k];
        }
        for (int k = 0; k < chosen; k++) {
            weights[k] /= sum;
        }
        return new Routing(experts, weights);
    }
}
