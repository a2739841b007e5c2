package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

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
    /// @throws IllegalArgumentException where the prompt is empty or holds a token outside the vocabulary, or the context is too short
    public static Generation greedy(Engine engine, List<Integer> prompt, int newTokens, boolean withLogits) {
        requireRoom(engine, prompt, newTokens);
        return withLogits ? withLogits(engine, prompt, newTokens) : greedy(engine, prompt, newTokens, _ -> {
        });
    }

    /// Continues one prompt likewise, telling each token as soon as it is known. Meanwhile the engine is at the next one, so that
    /// it never waits for who listens; what it did beyond a token that ends the text is dropped.
    ///
    /// @param each is told each new token
    /// @throws IllegalArgumentException where the prompt is empty or holds a token outside the vocabulary, or the context is too short
    public static Generation greedy(Engine engine, List<Integer> prompt, int newTokens, IntConsumer each) {
        requireRoom(engine, prompt, newTokens);
        int[][] step = step(prompt);
        List<Integer> generated = new ArrayList<>();
        if (newTokens > 0) {
            try (Session session = engine.open(1, prompt.size() + newTokens)) {
                session.feed(step);
                session.choose();
                Session.Arrival next = session.bringChosen();
                boolean more = true;
                while (more) {
                    Session.Arrival arriving = next;
                    more = generated.size() + 1 < newTokens;
                    if (more) {
                        session.advance();
                        next = session.bringChosen();
                    }
                    int token = arriving.tokens()[0];
                    generated.add(token);
                    each.accept(token);
                    more &= !engine.config().endTokens().contains(token);
                }
            }
        }
        return new Generation(prompt, generated, List.of());
    }

    private static Generation withLogits(Engine engine, List<Integer> prompt, int newTokens) {
        int[][] step = step(prompt);
        List<Integer> generated = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        try (Session session = engine.open(1, prompt.size() + Math.max(1, newTokens))) {
            while (generated.size() < newTokens) {
                float[][] rows = session.append(step, Session.Scope.ALL);
                logits.addAll(List.of(rows));
                int next = likeliest(rows[rows.length - 1]);
                generated.add(next);
                if (engine.config().endTokens().contains(next)) {
                    break;
                }
                step = new int[][] { { next } };
            }
            if (newTokens == 0) {
                logits.addAll(List.of(session.append(step, Session.Scope.ALL)));
            }
        }
        return new Generation(prompt, generated, logits);
    }

    private static void requireRoom(Engine engine, List<Integer> prompt, int newTokens) {
        long tokens = (long) prompt.size() + newTokens;
        if (tokens > engine.config().contextLength()) {
            throw new IllegalArgumentException(tokens + " tokens do not fit into the model's context of "
                    + engine.config().contextLength());
        }
    }

    private static int[][] step(List<Integer> prompt) {
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("the prompt is empty");
        }
        return new int[][] { prompt.stream().mapToInt(Integer::intValue).toArray() };
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
