package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.engine.Session.Scope;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;

class CpuEngineTest {
    private static final CpuWeights WEIGHTS = weights(9);
    private static final CpuEngine ENGINE = new CpuEngine(WEIGHTS);

    @ParameterizedTest
    @CsvSource({ "1,9", "17,9", "17,32", "17,1" })
    void logits_ofARandomModel_areThoseOfDoublePrecision(int prompt, int window) {
        CpuWeights weights = weights(window);
        int[] tokens = tokens(prompt, 3);

        double[][] expected = new PlainModel(weights).logits(tokens);

        try (Session session = new CpuEngine(weights).open(1, prompt)) {
            float[][] logits = session.append(new int[][] { tokens }, Scope.ALL);
            assertThat(LogitError.relative(logits, expected)).isLessThan(1e-5);
        }
    }

    @Test
    void batch_ofThree_givesWhatEachGivesAlone() {
        int[][] tokens = { tokens(5, 1), tokens(5, 2), tokens(5, 3) };
        int[][] next = { { 7 }, { 8 }, { 9 } };
        try (Session together = ENGINE.open(3, 6)) {
            float[][] prefill = together.append(tokens, Scope.ALL);
            float[][] step = together.append(next, Scope.LAST);
            for (int s = 0; s < 3; s++) {
                try (Session alone = ENGINE.open(1, 6)) {
                    float[][] own = alone.append(new int[][] { tokens[s] }, Scope.ALL);
                    for (int t = 0; t < 5; t++) {
                        assertThat(prefill[s * 5 + t]).isEqualTo(own[t]);
                    }
                    assertThat(step[s]).isEqualTo(alone.append(new int[][] { next[s] }, Scope.LAST)[0]);
                }
            }
        }
    }

    @Test
    void prefill_ofManyTokens_givesWhatSingleStepsGive() {
        int[] tokens = tokens(17, 4);
        try (Session once = ENGINE.open(1, 17); Session steps = ENGINE.open(1, 17)) {
            float[][] logits = once.append(new int[][] { tokens }, Scope.ALL);
            for (int t = 0; t < tokens.length; t++) {
                assertThat(steps.append(new int[][] { { tokens[t] } }, Scope.LAST)[0]).isEqualTo(logits[t]);
            }
            assertThat(steps.length()).isEqualTo(17);
        }
    }

    @Test
    void choices_fedBack_areTheGreedyContinuationOfEachSequence() {
        int[][] prompts = { tokens(5, 1), tokens(5, 2) };
        try (Session session = ENGINE.open(2, 11)) {
            session.feed(prompts);
            session.choose();
            for (int i = 1; i < 6; i++) {
                session.advance();
            }
            int[][] chosen = session.chosen();
            assertThat(session.bringChosen().tokens()).containsExactly(chosen[0][5], chosen[1][5]);
            for (int s = 0; s < 2; s++) {
                List<Integer> prompt = IntStream.of(prompts[s]).boxed().toList();
                assertThat(chosen[s]).containsExactly(Generation.greedy(ENGINE, prompt, 6, true).generated().stream()
                        .mapToInt(Integer::intValue).toArray());
            }
            assertThat(session.length()).isEqualTo(10);
        }
    }

    @Test
    void clear_aFilledBatch_startsAnew() {
        int[][] prompt = { tokens(6, 2) };
        try (Session session = ENGINE.open(1, 8)) {
            float[][] first = session.append(prompt, Scope.ALL);
            session.choose();
            session.clear();
            assertThat(session.length()).isZero();
            assertThat(session.append(prompt, Scope.ALL)).isDeepEqualTo(first);
            assertThat(session.chosen()).isDeepEqualTo(new int[1][0]);
        }
    }

    @Test
    void bringChosen_withoutAChoice_isRefused() {
        try (Session session = ENGINE.open(1, 4)) {
            session.feed(new int[][] { { 1, 2 } });
            assertThatIllegalStateException().isThrownBy(session::bringChosen).withMessageContaining("no tokens");
        }
    }

    @Test
    void feedChosen_withoutAChoice_isRefused() {
        try (Session session = ENGINE.open(1, 4)) {
            session.feed(new int[][] { { 1, 2 } });
            assertThatIllegalStateException().isThrownBy(session::feedChosen).withMessageContaining("the 2 fed");
        }
    }

    @ParameterizedTest
    @CsvSource({ "40,vocabulary of 40", "-1,vocabulary of 40" })
    void feed_aTokenOutsideTheVocabulary_isRefusedByName(int token, String named) {
        try (Session session = ENGINE.open(1, 4)) {
            assertThatIllegalArgumentException().isThrownBy(() -> session.feed(new int[][] { { token } }))
                    .withMessageContaining("token " + token).withMessageContaining(named);
        }
    }

    @Test
    void feed_moreThanTheCapacity_isRefused() {
        try (Session session = ENGINE.open(1, 4)) {
            session.feed(new int[][] { { 1, 2, 3 } });
            assertThatIllegalArgumentException().isThrownBy(() -> session.feed(new int[][] { { 1, 2 } }))
                    .withMessage("2 tokens after 3 do not fit into 4");
        }
    }

    private static CpuWeights weights(int window) {
        MoeConfig config = new MoeConfig(3, 5, 2, 64, 96, 40, 6, 2, 16, window, List.of(true, false, true), 4096, 2e-5f,
                5.5f, new RopeScaling(10_000, 8, 512, 16, 2, true), List.of());
        return CpuWeights.of(new RandomWeights(config, "small", 5));
    }

    private static int[] tokens(int count, int salt) {
        return IntStream.range(0, count).map(i -> (i * 13 + salt * 11) % 40).toArray();
    }
}
