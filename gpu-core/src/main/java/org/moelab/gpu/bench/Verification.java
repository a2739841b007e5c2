package org.moelab.gpu.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CudaSession;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Generation;
import org.moelab.gpu.engine.LogitError;
import org.moelab.gpu.engine.Rerouting;
import org.moelab.gpu.engine.RoutedSession;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.engine.Session.Scope;
import org.moelab.gpu.engine.StepRouting;

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
    /// The largest relative L2 error of logits that is accepted of FP8: with random weights rounding alone makes up to
    /// two thirds of it, see decision 15.
    public static final double FP8_ERROR = 6e-2;
    /// The largest gap that is a near tie, over the largest error that passes. An error of a share e of the hidden state
    /// moves a logit of the router by about e of their spread, so a difference of two by √2 e; between it and the bound lie
    /// 1.8 deviations where the error is the largest that passes, 4 where it is 0.9e-2, as bf16 gives. A router that is
    /// wrong chooses experts that lie under the best by the spread itself.
    private static final double GAP_OVER_ERROR = 2.5;
    private static final int STEPS = 3;
    private static final Set<String> FP8 = Set.of("fp8", "fp8-kv");

    /// The largest error that passes with some techniques on.
    public static double bound(Set<String> techniques) {
        return Collections.disjoint(techniques, FP8) ? BF16_ERROR : FP8_ERROR;
    }

    /// Runs both engines. The GPU's memory is poisoned first.
    public static Verification of(Engine engine, CpuEngine reference, int batch, int prompt) {
        return of(engine, new ReferenceRuns(reference), batch, prompt);
    }

    /// Runs the engine, and the reference where it has no run over the same tokens and experts. The GPU's memory is poisoned
    /// first.
    public static Verification of(Engine engine, ReferenceRuns references, int batch, int prompt) {
        Workload workload = new Workload(batch, prompt, STEPS + 1, 0, 1);
        List<int[][]> tokens = new ArrayList<>();
        tokens.add(workload.prompts(engine.config().vocabulary()));
        List<StepRouting> routing = new ArrayList<>();
        List<float[][]> got = new ArrayList<>();
        int[][] chosen;
        try (RoutedSession routed = engine.openRouted(batch, workload.capacity(), prompt)) {
            Session tested = routed.session();
            if (tested instanceof CudaSession cuda) {
                cuda.poison();
            }
            for (int i = 0; i <= STEPS; i++) {
                got.add(tested.append(tokens.get(i), i == 0 ? Scope.ALL : Scope.LAST));
                routing.add(routed.routing().get());
                tested.choose();
                if (i < STEPS) {
                    tokens.add(chosen(tested, i, engine.config().vocabulary()));
                }
            }
            chosen = tested.chosen();
        }
        ReferenceRuns.Run held = references.held(tokens, routing);
        double choice = 0;
        for (int i = 0; i <= STEPS; i++) {
            choice = Math.max(choice, worstChoice(chosen, i, held.rows().get(i)));
        }
        // while routing is recorded, steps are not replayed as graphs: so once more, as a session runs by itself
        List<float[][]> again = replay(engine, tokens, workload.capacity());
        double prefill = Math.max(prefillError(got, held), prefillError(again, held));
        double decode = Math.max(decodeError(got, held), decodeError(again, held));
        double unheld = Math.max(prefill, decode);
        if (held.rerouting().rerouted() > 0) {
            ReferenceRuns.Run free = references.free(tokens);
            unheld = Math.max(prefillError(got, free), decodeError(got, free));
        }
        return new Verification(batch, prompt, prefill, decode, choice, unheld, held.rerouting());
    }

    /// An engine's own run over the same tokens.
    private static List<float[][]> replay(Engine engine, List<int[][]> tokens, int capacity) {
        List<float[][]> rows = new ArrayList<>();
        try (Session session = engine.open(tokens.getFirst().length, capacity)) {
            for (int[][] step : tokens) {
                rows.add(session.append(step, rows.isEmpty() ? Scope.ALL : Scope.LAST));
            }
        }
        return rows;
    }

    private static double prefillError(List<float[][]> rows, ReferenceRuns.Run expected) {
        return LogitError.relative(rows.getFirst(), expected.rows().getFirst());
    }

    private static double decodeError(List<float[][]> rows, ReferenceRuns.Run expected) {
        return LogitError.relative(decoded(rows), decoded(expected.rows()));
    }

    private static float[][] decoded(List<float[][]> rows) {
        return rows.stream().skip(1).flatMap(Stream::of).toArray(float[][]::new);
    }

    /// What a session chose at a step; token 0 where that is none, which its own row of the comparison tells.
    private static int[][] chosen(Session session, int step, int vocabulary) {
        return Stream.of(session.chosen())
                .map(row -> new int[] { row[step] >= 0 && row[step] < vocabulary ? row[step] : 0 })
                .toArray(int[][]::new);
    }

    /// The larger of the two errors, not-a-number where one is.
    public double worst() {
        return Math.max(prefill, decode);
    }

    /// Why it does not pass, in a few words; nothing where it does.
    ///
    /// @param maxError the largest error that passes; the bound of both gaps follows it, as a chosen token is a near tie of
    ///                 two logits like a chosen expert
    public Optional<String> problem(double maxError) {
        double maxGap = GAP_OVER_ERROR * maxError;
        if (!(rerouting.largestGap() <= maxGap)) { // also for not-a-number
            return Optional.of(String.format(Locale.ROOT, "gap above %.1e: the router is wrong", maxGap));
        }
        if (!(choice <= maxGap)) {
            return Optional.of(String.format(Locale.ROOT, "choice above %.1e: another token is likelier", maxGap));
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

    /// @param all the reference's rows of the step, of which each sequence's last is the one chosen by
    private static double worstChoice(int[][] chosen, int step, float[][] all) {
        double worst = 0;
        for (int s = 0; s < chosen.length; s++) {
            float[] row = all[(s + 1) * (all.length / chosen.length) - 1];
            double squares = 0;
            for (float logit : row) {
                squares += (double) logit * logit;
            }
            if (chosen[s][step] < 0 || chosen[s][step] >= row.length) {
                return Double.NaN; // what an all not-a-number row gives
            }
            double under = row[Generation.likeliest(row)] - row[chosen[s][step]];
            worst = Math.max(worst, under / Math.sqrt(squares / row.length));
        }
        return worst;
    }
}
