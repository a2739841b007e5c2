package org.moelab.gpu.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.Rerouting;
import org.moelab.gpu.engine.RoutingFollower;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.engine.Session.Scope;
import org.moelab.gpu.engine.StepRouting;

/// The reference's logits over given tokens. Sets of techniques often choose the same experts for the same tokens, and the
/// reference is the slow side of a comparison, so the latest runs are kept.
public final class ReferenceRuns {
    private static final long KEPT_BYTES = 512L << 20;

    private final CpuEngine reference;
    /// By tokens and experts, in the order in which they were last asked for.
    private final Map<List<Object>, Run> runs = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /// What a run gave.
    ///
    /// @param rows logits of each step: of all positions of the first, of the last of the others
    /// @param rerouting how the experts it was held to differ from its own choice
    record Run(List<float[][]> rows, Rerouting rerouting) {
        long bytes() {
            return rows.stream().flatMap(Arrays::stream).mapToLong(row -> (long) row.length * Float.BYTES).sum();
        }
    }

    public ReferenceRuns(CpuEngine reference) {
        this.reference = reference;
    }

    /// Logits where the reference chooses its experts itself.
    Run free(List<int[][]> tokens) {
        return kept(List.of(flat(tokens)), () -> run(tokens, List.of()));
    }

    /// Logits where each step's tokens go to given experts.
    Run held(List<int[][]> tokens, List<StepRouting> routing) {
        List<Integer> experts = routing.stream().map(StepRouting::experts).flatMap(Arrays::stream)
                .flatMap(Arrays::stream).flatMapToInt(Arrays::stream).boxed().toList();
        return kept(List.of(flat(tokens), experts), () -> run(tokens, routing));
    }

    private Run kept(List<Object> key, Supplier<Run> run) {
        Run kept = runs.get(key);
        if (kept == null) {
            kept = run.get();
            runs.put(key, kept);
            bytes += kept.bytes();
            forget();
        }
        return kept;
    }

    /// Forgets what was not asked for longest, but never the latest.
    private void forget() {
        Iterator<Run> eldest = runs.values().iterator();
        while (bytes > KEPT_BYTES && runs.size() > 1) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    private Run run(List<int[][]> tokens, List<StepRouting> routing) {
        int sequences = tokens.getFirst().length;
        int capacity = tokens.stream().mapToInt(step -> step[0].length).sum();
        RoutingFollower follower = new RoutingFollower(reference.config());
        List<float[][]> rows = new ArrayList<>();
        try (Session session = routing.isEmpty()
                ? reference.open(sequences, capacity)
                : reference.openFollowing(sequences, capacity, follower)) {
            for (int i = 0; i < tokens.size(); i++) {
                if (!routing.isEmpty()) {
                    follower.follow(routing.get(i));
                }
                rows.add(session.append(tokens.get(i), i == 0 ? Scope.ALL : Scope.LAST));
            }
        }
        return new Run(rows, follower.rerouting());
    }

    /// The tokens in order, each step's behind how many a sequence gets.
    private static List<Integer> flat(List<int[][]> tokens) {
        List<Integer> all = new ArrayList<>();
        for (int[][] step : tokens) {
            all.add(step[0].length);
            Arrays.stream(step).flatMapToInt(Arrays::stream).forEach(all::add);
        }
        return List.copyOf(all);
    }
}
