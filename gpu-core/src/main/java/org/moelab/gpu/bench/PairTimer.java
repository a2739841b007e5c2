package org.moelab.gpu.bench;

import java.util.ArrayList;
import java.util.List;

import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Session;

/// Times two engines in turns, so that what drifts (clocks, temperature, other work) meets both alike.
final class PairTimer {
    private PairTimer() {
    }

    /// Times of the runs that count, a pair each, in milliseconds.
    ///
    /// @param first times to first token, of the one engine and the other
    /// @param perToken times per output token; empty without decode steps
    record Times(Pairs first, Pairs perToken) {}

    /// Times of two engines, the i-th of one beside the i-th of the other.
    record Pairs(List<Double> one, List<Double> other) {
        Pairs {
            one = List.copyOf(one);
            other = List.copyOf(other);
        }
    }

    /// Runs a workload on both, first to warm up, then in pairs; every second pair begins with the other.
    ///
    /// @throws IllegalArgumentException where the model has no room for the workload
    static Times measure(Engine one, Engine other, Workload workload) {
        TokenTimer.requireRoom(one, workload);
        int[][] prompts = workload.prompts(one.config().vocabulary());
        try (Session a = open(one, workload); Session b = open(other, workload)) {
            for (int run = 0; run < workload.warmups(); run++) {
                TokenTimer.run(a, workload, prompts);
                TokenTimer.run(b, workload, prompts);
            }
            List<List<Double>> ofA = new ArrayList<>();
            List<List<Double>> ofB = new ArrayList<>();
            for (int pair = 0; pair < workload.repeats(); pair++) {
                if (pair % 2 == 0) {
                    ofA.add(TokenTimer.run(a, workload, prompts));
                }
                ofB.add(TokenTimer.run(b, workload, prompts));
                if (pair % 2 != 0) {
                    ofA.add(TokenTimer.run(a, workload, prompts));
                }
            }
            return new Times(new Pairs(first(ofA), first(ofB)), new Pairs(perToken(ofA), perToken(ofB)));
        }
    }

    private static Session open(Engine engine, Workload workload) {
        return engine.open(workload.batch(), workload.capacity(), workload.promptStep());
    }

    private static List<Double> first(List<List<Double>> runs) {
        return runs.stream().map(List::getFirst).toList();
    }

    private static List<Double> perToken(List<List<Double>> runs) {
        return runs.stream().map(times -> times.subList(1, times.size())).filter(steps -> !steps.isEmpty())
                .map(steps -> steps.stream().mapToDouble(Double::doubleValue).average().orElseThrow()).toList();
    }
}
