package org.moelab.gpu.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.RoutedSession;
import org.moelab.gpu.engine.StepRouting;
import org.moelab.gpu.model.MoeConfig;

/// Runs a workload once to count which experts its tokens are sent to. Nothing of it is timed: the choices of each layer are
/// copied to the host, and steps are not replayed as graphs.
final class LoadRun {
    /// The most decode steps that are counted: enough for the shares of experts, and short beside the runs that are timed.
    static final int DECODE_STEPS = 256;

    private LoadRun() {
    }

    /// @param layer the ladder's layer that the engine runs
    /// @throws IllegalStateException where the engine does not tell what each layer chose, or chose what there is not
    static ExpertLoads of(Engine engine, String layer, Workload workload) {
        int steps = Math.min(workload.generate() - 1, DECODE_STEPS);
        MoeConfig config = engine.config();
        Counter prefill = new Counter(config);
        Counter decode = new Counter(config);
        try (RoutedSession routed = engine.openRouted(workload.batch(), workload.capacity(), workload.promptStep())) {
            TokenTimer.feed(routed.session(), workload, workload.prompts(config.vocabulary()),
                    () -> prefill.add(routed.routing().get()));
            for (int i = 0; i < steps; i++) {
                routed.session().choose();
                routed.session().feedChosen();
                decode.add(routed.routing().get());
            }
        }
        return new ExpertLoads(layer, prefill.phase(), steps == 0 ? Optional.empty() : Optional.of(decode.phase()));
    }

    /// Adds up the steps of a phase.
    private static final class Counter {
        private final int chosen;
        private final long[][] counts; // (layers, experts)
        private int steps;
        private long tokens;

        Counter(MoeConfig config) {
            chosen = config.chosen();
            counts = new long[config.layers()][config.experts()];
        }

        void add(StepRouting routing) {
            for (int l = 0; l < counts.length; l++) {
                for (int[] experts : routing.experts()[l]) {
                    add(l, experts);
                }
            }
            steps++;
            tokens += routing.tokens();
        }

        private void add(int layer, int[] experts) {
            if (experts.length != chosen || Arrays.stream(experts).distinct().count() != chosen
                    || Arrays.stream(experts).anyMatch(e -> e < 0 || e >= counts[layer].length)) {
                throw new IllegalStateException("layer " + layer + " of the model sent a token to experts "
                        + Arrays.toString(experts) + ", expected " + chosen + " of " + counts[layer].length);
            }
            for (int e : experts) {
                counts[layer][e]++;
            }
        }

        ExpertLoads.Phase phase() {
            List<List<Long>> rows = new ArrayList<>();
            for (long[] layer : counts) {
                rows.add(Arrays.stream(layer).boxed().toList());
            }
            return new ExpertLoads.Phase(steps, tokens, rows);
        }
    }
}
