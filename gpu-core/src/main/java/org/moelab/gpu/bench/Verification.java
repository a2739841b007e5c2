package org.moelab.gpu.bench;

import org.moelab.gpu.engine.CudaSession;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Generation;
import org.moelab.gpu.engine.LogitError;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.engine.Session.Scope;

/// How far an engine's logits are from the reference's on the same prompts and the same further tokens.
///
/// @param batch sequences
/// @param prompt tokens of each prompt
/// @param prefill relative L2 error of the logits at all prompt positions
/// @param decode relative L2 error of the logits of the steps that follow, each of one token a sequence
/// @param choice how far the logit of the worst token that the engine chose is under the largest of its row in the
///               reference, over the row's root mean square; 0 where all choices are the reference's
public record Verification(int batch, int prompt, double prefill, double decode, double choice) {
    private static final int STEPS = 3;

    /// Runs both engines. The GPU's memory is poisoned first.
    public static Verification of(Engine engine, Engine reference, int batch, int prompt) {
        Workload workload = new Workload(batch, prompt, STEPS + 1, 0, 1);
        int vocabulary = engine.config().vocabulary();
        int[][] prompts = workload.prompts(vocabulary);
        try (Session tested = engine.open(batch, workload.capacity(), prompt);
                Session expected = reference.open(batch, workload.capacity(), prompt)) {
            if (tested instanceof CudaSession cuda) {
                cuda.poison();
            }
            double prefill = LogitError.relative(tested.append(prompts, Scope.ALL),
                    expected.append(prompts, Scope.ALL));
            float[][] got = new float[STEPS * batch][];
            float[][] want = new float[STEPS * batch][];
            double choice = 0;
            for (int i = 0; i < STEPS; i++) {
                int[][] next = next(expected.logits(Scope.LAST));
                float[][] gotRows = tested.append(next, Scope.LAST);
                float[][] wantRows = expected.append(next, Scope.LAST);
                System.arraycopy(gotRows, 0, got, i * batch, batch);
                System.arraycopy(wantRows, 0, want, i * batch, batch);
                tested.choose();
                choice = Math.max(choice, worstChoice(tested.chosen(), i, wantRows));
            }
            return new Verification(batch, prompt, prefill, LogitError.relative(got, want), choice);
        }
    }

    /// The largest of the figures, not-a-number where one is.
    public double worst() {
        return Math.max(Math.max(prefill, decode), choice);
    }

    private static int[][] next(float[][] rows) {
        int[][] tokens = new int[rows.length][];
        for (int s = 0; s < rows.length; s++) {
            tokens[s] = new int[] { Generation.likeliest(rows[s]) };
        }
        return tokens;
    }

    private static double worstChoice(int[][] chosen, int step, float[][] rows) {
        double worst = 0;
        for (int s = 0; s < rows.length; s++) {
            double squares = 0;
            for (float logit : rows[s]) {
                squares += (double) logit * logit;
            }
            if (chosen[s][step] < 0 || chosen[s][step] >= rows[s].length) {
                return Double.NaN; // what an all not-a-number row gives
            }
            double under = rows[s][Generation.likeliest(rows[s])] - rows[s][chosen[s][step]];
            worst = Math.max(worst, under / Math.sqrt(squares / rows[s].length));
        }
        return worst;
    }
}
