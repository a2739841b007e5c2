package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;

/// Greedy continuation of prompts.
///
/// @param prompt the prompt's tokens
/// @param generated the tokens that followed
/// @param logits those of each prompt position, then of each further step; empty where they were not asked for
@SuppressWarnings("ArrayRecordComponent") // rows of figures to be written out, never compared
public record Generation(List<Integer> prompt, List<Integer> generated, List<float[]> logits) {
    public Generation {
        prompt = List.copyOf(prompt);
        generated = List.copyOf(generated);
        logits = List.copyOf(logits);
    }

    /// Continues one prompt by the likeliest token, `newTokens` times or to a token that ends the text.
    ///
    /// @throws IllegalArgumentException where the prompt is empty or holds a token outside the vocabulary
    public static Generation greedy(Engine engine, List<Integer> prompt, int newTokens, boolean withLogits) {
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("the prompt is empty");
        }
        List<Integer> generated = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        try (Session session = engine.open(1, prompt.size() + Math.max(1, newTokens))) {
            int[][] step = { prompt.stream().mapToInt(Integer::intValue).toArray() };
            Session.Scope scope = withLogits ? Session.Scope.ALL : Session.Scope.LAST;
            while (generated.size() < newTokens) {
                float[][] rows = session.append(step, scope);
                if (withLogits) {
                    logits.addAll(List.of(rows));
                }
                int next = likeliest(rows[rows.length - 1]);
                generated.add(next);
                if (engine.config().endTokens().contains(next)) {
                    break;
                }
                step = new int[][] { { next } };
            }
            if (newTokens == 0 && withLogits) {
                logits.addAll(List.of(session.append(step, scope)));
            }
        }
        return new Generation(prompt, generated, logits);
    }

    /// The experts that an engine sends the tokens to that were fed, step by step: it runs them once more and records.
    public List<StepRouting> routing(Engine engine) {
        List<int[]> fed = new ArrayList<>();
        fed.add(prompt.stream().mapToInt(Integer::intValue).toArray());
        generated.stream().limit(Math.max(0, generated.size() - 1)).forEach(token -> fed.add(new int[] { token }));
        List<StepRouting> steps = new ArrayList<>();
        try (RoutedSession routed = engine.openRouted(1, prompt.size() + fed.size() - 1, prompt.size())) {
            for (int[] step : fed) {
                routed.session().append(new int[][] { step }, Session.Scope.LAST);
                steps.add(routed.routing().get());
            }
        }
        return steps;
    }

    /// The index of the largest logit, the lowest among equals.
    public static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
