package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.RoutedSession;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.engine.StepRouting;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;

class LoadRunTest {
    private static final MoeConfig TINY = MoeConfig.tiny();

    /// Computes nothing and tells of every step that its one token was sent to these experts, in each layer of the model.
    private record TellingEngine(List<Integer> experts) implements Engine {
        @Override
        public MoeConfig config() {
            return TINY;
        }

        @Override
        public String device() {
            return "nothing";
        }

        @Override
        public Session open(int sequences, int capacity, int longestStep) {
            return new IdleSession(sequences);
        }

        @Override
        public RoutedSession openRouted(int sequences, int capacity, int longestStep) {
            int[][][] all = new int[TINY.layers()][][];
            for (int l = 0; l < all.length; l++) {
                all[l] = new int[][] { experts.stream().mapToInt(Integer::intValue).toArray() };
            }
            return new RoutedSession(open(sequences, capacity, longestStep), () -> new StepRouting(all));
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private record IdleSession(int sequences) implements Session {
        @Override
        public int length() {
            return 0;
        }

        @Override
        public void feed(int[][] tokens) {
            // told by the engine
        }

        @Override
        public float[][] logits(Scope scope) {
            return new float[0][];
        }

        @Override
        public void choose() {
            // told by the engine
        }

        @Override
        public void feedChosen() {
            // told by the engine
        }

        @Override
        public int[][] chosen() {
            return new int[0][];
        }

        @Override
        public void clear() {
            // holds nothing
        }

        @Override
        public Mark mark() {
            return _ -> 0;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private static void assertSums(ExpertLoads.Phase phase) {
        assertThat(phase.counts()).hasSize(TINY.layers()).allSatisfy(layer -> {
            assertThat(layer).hasSize(TINY.experts());
            assertThat(layer.stream().mapToLong(Long::longValue).sum()).isEqualTo(phase.tokens() * TINY.chosen());
        });
    }

    @Test
    void counts_ofEachLayer_sumToTokensTimesChosen() {
        CpuEngine engine = new CpuEngine(CpuWeights.of(new RandomWeights(TINY, "tiny", 20)));
        ExpertLoads loads = LoadRun.of(engine, "baseline", new Workload(2, 9, 4, 0, 1));
        assertThat(loads.layer()).isEqualTo("baseline");
        assertThat(loads.prefill().steps()).isEqualTo(1);
        assertThat(loads.prefill().tokens()).isEqualTo(18);
        assertThat(loads.decode().orElseThrow().steps()).isEqualTo(3);
        assertThat(loads.decode().orElseThrow().tokens()).isEqualTo(6);
        assertSums(loads.prefill());
        assertSums(loads.decode().orElseThrow());
        assertThat(loads.prefill().counts()).doesNotHaveDuplicates(); // each layer's own
    }

    @Test
    void counts_ofAPromptInPieces_areThoseOfAllPieces() {
        Workload workload = new Workload(8_192, 3, 1, 0, 1); // two tokens of each sequence in a step, then one
        ExpertLoads loads = LoadRun.of(new TellingEngine(List.of(0, 7, 2, 5)), "6", workload);
        assertThat(loads.prefill().steps()).isEqualTo(2);
        assertThat(loads.prefill().counts()).hasSize(TINY.layers())
                .allSatisfy(layer -> assertThat(layer).containsExactly(2L, 0L, 2L, 0L, 0L, 2L, 0L, 2L));
        assertThat(loads.decode()).isEmpty();
    }

    @Test
    void decodeSteps_beyondTheMost_areLeftOutAndTheFieldSaysSo() {
        ExpertLoads loads = LoadRun.of(new TellingEngine(List.of(0, 1, 2, 3)), "6", new Workload(1, 3, 1_000, 0, 1));
        assertThat(loads.decode().orElseThrow().steps()).isEqualTo(256);
        assertThat(loads.decode().orElseThrow().tokens()).isEqualTo(256);
        assertThat(loads.decode().orElseThrow().imbalances()).containsOnly(2.0);
    }

    @Test
    void experts_thatThereAreNot_areNotCounted() {
        Workload workload = new Workload(1, 3, 1, 0, 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> LoadRun.of(new TellingEngine(List.of(0, 1, 2, 8)), "6", workload))
                .withMessage("layer 0 of the model sent a token to experts [0, 1, 2, 8], expected 4 of 8");
        assertThatIllegalStateException()
                .isThrownBy(() -> LoadRun.of(new TellingEngine(List.of(0, 1, 2, 2)), "6", workload));
    }
}
