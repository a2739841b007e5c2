package org.moelab.gpu.engine;

/// Which experts see a token, and with what weight.
///
/// @param experts the chosen ones by falling logit, the lower number first among equals
/// @param weights the softmax over the chosen logits
@SuppressWarnings("ArrayRecordComponent") // looked at by index, never compared
record Routing(int[] experts, float[] weights) {
    /// The routing of one token by its logits at [offset, offset + count).
    static Routing of(float[] logits, int offset, int count, int chosen) {
        int[] experts = new int[chosen];
        float[] weights = new float[chosen];
        boolean[] taken = new boolean[count];
        float sum = 0;
        for (int k = 0; k < chosen; k++) {
            int best = -1;
            for (int e = 0; e < count; e++) {
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
