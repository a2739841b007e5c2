package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;

class GenerationTest {
    private static final List<Integer> PROMPT = List.of(3, 1, 4);
    private static final int NEW = 7;

    private final List<Integer> told = new ArrayList<>();

    @Test
    void greedy_toAListener_tellsTheTokensThatLogitsChoose() {
        List<Integer> expected = Generation.greedy(engine(List.of()), PROMPT, NEW, true).generated();
        Generation generation = Generation.greedy(engine(List.of()), PROMPT, NEW, told::add);
        assertThat(generation.generated()).isEqualTo(expected).hasSize(NEW).isEqualTo(told);
        assertThat(generation.logits()).isEmpty();
    }

    @Test
    void greedy_toATokenThatEndsTheText_stopsThere() {
        List<Integer> free = Generation.greedy(engine(List.of()), PROMPT, NEW, true).generated();
        int end = free.get(2);
        Generation generation = Generation.greedy(engine(List.of(end)), PROMPT, NEW, told::add);
        assertThat(generation.generated()).isEqualTo(free.subList(0, free.indexOf(end) + 1)).isEqualTo(told);
        assertThat(generation.generated()).isEqualTo(
                Generation.greedy(engine(List.of(end)), PROMPT, NEW, true).generated());
    }

    @Test
    void greedy_noNewToken_runsNothing() {
        assertThat(Generation.greedy(engine(List.of()), PROMPT, 0, told::add).generated()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void greedy_pastTheContext_isRefusedBeforeItRuns() {
        for (boolean withLogits : List.of(true, false)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Generation.greedy(engine(List.of()), PROMPT, 2_000_000_000, withLogits))
                    .withMessageEndingWith("tokens do not fit into the model's context of 64");
        }
    }

    private static CpuEngine engine(List<Integer> endTokens) {
        return new CpuEngine(CpuWeights.of(new RandomWeights(
                new MoeConfig(1, 3, 2, 32, 32, 40, 4, 2, 8, 4, List.of(true), 64, 1e-5f, 7f,
                        new RopeScaling(10_000, 1, 64, 32, 1, false), endTokens),
                "small", 5)));
    }
}
