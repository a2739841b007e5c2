package org.moelab.gpu.bench;

import org.moelab.gpu.model.RandomNumbers;

/// What is run to be measured: a batch of prompts, each continued by its likeliest tokens.
///
/// @param batch sequences
/// @param prompt tokens of each prompt
/// @param generate new tokens of each sequence; the first comes with the prompt, each further one is a decode step
/// @param warmups runs before the first that counts
/// @param repeats runs that count
public record Workload(int batch, int prompt, int generate, int warmups, int repeats) {
    /// The most tokens that a step runs over all sequences: longer prompts are fed in pieces, as working memory allows.
    private static final int STEP_TOKENS = 16_384;

    public Workload {
        if (batch < 1 || prompt < 1 || generate < 1 || warmups < 0 || repeats < 1) {
            throw new IllegalArgumentException("batch, prompt, new tokens and repeats must be at least 1, not " + batch
                    + ", " + prompt + ", " + generate + " and " + repeats);
        }
    }

    /// Tokens that each sequence can hold in the end.
    public int capacity() {
        return Math.addExact(prompt, generate);
    }

    /// The most tokens that one step adds to each sequence.
    public int promptStep() {
        return Math.clamp(STEP_TOKENS / batch, 1, prompt);
    }

    /// Prompts of random tokens, the same in each run, a row a sequence.
    ///
    /// @param vocabulary tokens to choose from
    public int[][] prompts(int vocabulary) {
        int[][] rows = new int[batch][prompt];
        for (int s = 0; s < batch; s++) {
            for (int t = 0; t < prompt; t++) {
                rows[s][t] = (int) Long.remainderUnsigned(RandomNumbers.mix((long) s * prompt + t), vocabulary);
            }
        }
        return rows;
    }
}
