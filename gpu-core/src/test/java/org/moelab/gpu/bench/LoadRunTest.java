package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
    private static final CpuEngine ENGINE = new CpuEngine(CpuWeights.of(new RandomWeights(TINY, "tiny", 20)));

    /// An engine that tells this routing of every step.
    private record RoutingEngine(StepRouting told) implements Engine {
        @Override
        public MoeConfig config() {
            return TINY;
        }

        @Override
        public String device() {
            return ENGINE.device();
        }

        @Override
        public Session open(int sequences, int capacity, int longestStep) {
            return ENGINE.open(sequences, capacity, longestStep);
        }

        @Override
        public RoutedSession openRouted(int sequences, int capacity, int longestStep) {
            return new RoutedSession(open(sequences, capacity, longestStep), () -> told);
        }

        @Override
        public void close() {
            // the engine is shared
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
        ExpertLoads loads = LoadRun.of(ENGINE, "baseline", new Workload(2, 9, 4, 0, 1));
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
    void counts_ofARoutingThatNoModelGives_areRefused() {
        int[][][] told = new int[TINY.layers()][1][];
        for (int[][] layer : told) {
            layer[0] = new int[] { 0, 1, 2, 2 };
        }
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> LoadRun.of(new RoutingEngine(new StepRouting(told)), "6", new Workload(1, 1, 2, 0, 1)))
                .withMessageContaining("layer 0 of the model").withMessageContaining("[0, 1, 2, 2]");
    }
}
