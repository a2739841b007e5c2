package org.moelab.gpu.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CudaSession;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Generation;
import org.moelab.gpu.engine.LogitError;
import org.moelab.gpu.engine.Rerouting;
import org.moelab.gpu.engine.RoutedSession;
import org.moelab.gpu.engine.RoutingFollower;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.engine.Session.Scope;

/// How far an engine's logits are from the reference's on the same prompts and the same further tokens.
///
/// The reference is held to the experts that the engine chose, so that its figures are of numerical error alone; whether
/// those experts were near ties is asked apart, in `rerouting`.
///
/// @param batch sequences
/// @param prompt tokens of each prompt
/// @param prefill relative L2 error of the logits at all prompt positions
/// @param decode relative L2 error of the logits of the steps that follow, each of one token a sequence
/// @param choice how far the logit of the worst token that the engine chose is under the largest of its row in the
///               reference, over the row's root mean square; 0 where all choices are the reference's
/// @param unheld the larger of the two errors against the reference that chooses its experts itself
/// @param rerouting the experts that the reference would not have chosen
public record Verification(int batch, int prompt, double prefill, double decode, double choice, double unheld,
        Rerouting rerouting) {
    /// The largest relative L2 error of logits that bf16 explains.
    public static final double BF16_ERROR = 2e-2;
    /// The largest gap that is a near tie, over the largest error that passes. An error of a share e of the hidden state
    /// moves a logit of the router by about e of their spread, so a difference of two by √2 e; between it and the bound lie
    /// 1.8 deviations where the error is the largest that passes, 4 where it is 0.9e-2, as bf16 gives. A router that is
    /// wrong chooses experts that lie under the best by the spread itself.
    private static final double GAP_OVER_ERROR = 2.5;
    private static final int STEPS = 3;

    /// What was fed to an engine and what it gave, step by step, the prompts first.
    private record Steps(List<int[][]> tokens, List<float[][]> rows) {
        Steps() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(int[][] fed, float[][] given) {
            tokens.add(fed);
            rows.add(given);
        }

        double prefillError(Steps reference) {
            return LogitError.relative(rows.getFirst(), reference.rows.getFirst());
        }

        double decodeError(Steps reference) {
            return LogitError.relative(decoded(), reference.decoded());
        }

        private float[][] decoded() {
            return rows.stream().skip(1).flatMap(Stream::of).toArray(float[][]::new);
        }
    }

    /// Runs both engines. The GPU's memory is poisoned first.
    public static Verification of(Engine engine, CpuEngine reference, int batch, int prompt) {
        Workload workload = new Workload(batch, prompt, STEPS + 1, 0, 1);
        RoutingFollower follower = new RoutingFollower(engine.config());
        Steps got = new Steps();
        Steps held = new Steps();
        double choice = 0;
        try (RoutedSession routed = engine.openRouted(batch, workload.capacity(), prompt);
                Session expected = reference.openFollowing(batch, workload.capacity(), follower)) {
            Session tested = routed.session();
            if (tested instanceof CudaSession cuda) {
                cuda.poison();
            }
            int[][] tokens = workload.prompts(engine.config().vocabulary());
            for (int i = 0; i <= STEPS; i++) {
                Scope scope = i == 0 ? Scope.ALL : Scope.LAST;
                got.add(tokens, tested.append(tokens, scope));
                follower.follow(routed.routing().get());
                held.add(tokens, expected.append(tokens, scope));
                float[][] last = expected.logits(Scope.LAST);
                tested.choose();
                choice = Math.max(choice, worstChoice(tested.chosen(), i, last));
                tokens = next(last);
            }
        }
        // while routing is recorded, steps are not replayed as graphs: so once more, as a session runs by itself
        Steps again = replay(engine, got.tokens, batch, workload.capacity());
        double prefill = Math.max(got.prefillError(held), again.prefillError(held));
        double decode = Math.max(got.decodeError(held), again.decodeError(held));
        Rerouting rerouting = follower.rerouting();
        double unheld = Math.max(prefill, decode);
        if (rerouting.rerouted() > 0) {
            Steps free = replay(reference, got.tokens, batch, workload.capacity());
            unheld = Math.max(got.prefillError(free), got.decodeError(free));
        }
        return new Verification(batch, prompt, prefill, decode, choice, unheld, rerouting);
    }

    /// An engine's own run over the same tokens.
    private static Steps replay(Engine engine, List<int[][]> tokens, int batch, int capacity) {
        Steps steps = new Steps();
        try (Session session = engine.open(batch, capacity)) {
            for (int[][] step : tokens) {
                steps.add(step, session.append(step, steps.rows.isEmpty() ? Scope.ALL : Scope.LAST));
            }
        }
        return steps;
    }

    /// The largest of the figures that are held to a bound of error, not-a-number where one is.
    public double worst() {
        return Math.max(Math.max(prefill, decode), choice);
    }

    /// Why it does not pass, in a few words; nothing where it does.
    ///
    /// @param maxError the largest error that passes; the gap's bound follows it
    public Optional<String> problem(double maxError) {
        double maxGap = GAP_OVER_ERROR * maxError;
        if (!(rerouting.largestGap() <= maxGap)) { // also for not-a-number
            return Optional.of(String.format(Locale.ROOT, "gap above %.1e: the router is wrong", maxGap));
        }
        return worst() <= maxError
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "error above %.1e", maxError));
    }

    /// The worse of each figure, counts summed; batch and prompt are the larger ones.
    public Verification worseOf(Verification other) {
        Rerouting both = new Rerouting(rerouting.tokenLayers() + other.rerouting.tokenLayers(),
                rerouting.rerouted() + other.rerouting.rerouted(),
                Math.max(rerouting.largestGap(), other.rerouting.largestGap()));
        return new Verification(Math.max(batch, other.batch), Math.max(prompt, other.prompt),
                Math.max(prefill, other.prefill), Math.max(decode, other.decode), Math.max(choice, other.choice),
                Math.max(unheld, other.unheld), both);
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
