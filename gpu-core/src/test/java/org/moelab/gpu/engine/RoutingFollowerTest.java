package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.engine.Session.Scope;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;

class RoutingFollowerTest {
    /// Three layers, five experts, two of them chosen.
    private static final MoeConfig CONFIG = new MoeConfig(3, 5, 2, 64, 96, 40, 6, 2, 16, 9, List.of(true, false, true),
            4096, 2e-5f, 5.5f, new RopeScaling(10_000, 8, 512, 16, 2, true), List.of());
    private static final CpuWeights WEIGHTS = CpuWeights.of(new RandomWeights(CONFIG, "small", 5));
    private static final CpuEngine ENGINE = new CpuEngine(WEIGHTS);
    private static final float[] LOGITS = { 2, -1, 3, 0, 1 };
    /// The root of the mean of 1, 4, 4, 1, 0: squares of the logits about their mean.
    private static final double SPREAD = Math.sqrt(2);

    private final RoutingFollower follower = new RoutingFollower(CONFIG);

    @Test
    void reference_followingItself_isTheSameBitByBit() {
        int[][] prompts = { tokens(7, 1), tokens(7, 2) };
        int[][] next = { { 3 }, { 4 } };
        try (RoutedSession free = ENGINE.openRouted(2, 8, 7); Session held = ENGINE.openFollowing(2, 8, follower)) {
            float[][] prefill = free.session().append(prompts, Scope.ALL);
            follower.follow(free.routing().get());
            assertThat(held.append(prompts, Scope.ALL)).isDeepEqualTo(prefill);
            float[][] step = free.session().append(next, Scope.LAST);
            follower.follow(free.routing().get());
            assertThat(held.append(next, Scope.LAST)).isDeepEqualTo(step);
        }
        assertThat(follower.rerouting()).isEqualTo(new Rerouting(3 * (14 + 2), 0, 0));
    }

    @Test
    void reference_followingOtherExperts_isTheModelWithThoseExperts() {
        int[] tokens = tokens(9, 3);
        int[][][] other = new int[3][9][];
        for (int l = 0; l < 3; l++) {
            for (int t = 0; t < 9; t++) {
                other[l][t] = new int[] { (l + t) % 5, (l + t + 1 + t % 4) % 5 };
            }
        }
        follower.follow(new StepRouting(other));
        try (Session held = ENGINE.openFollowing(1, 9, follower)) {
            float[][] logits = held.append(new int[][] { tokens }, Scope.ALL);
            PlainModel plain = new PlainModel(WEIGHTS);
            assertThat(LogitError.relative(logits, plain.logits(tokens, Optional.of(other)))).isLessThan(1e-5);
            assertThat(LogitError.relative(logits, plain.logits(tokens))).isGreaterThan(1e-2);
        }
        assertThat(follower.rerouting().rerouted()).isBetween(1L, 26L);
        assertThat(follower.rerouting().largestGap()).isGreaterThan(0.1);
    }

    @ParameterizedTest
    @CsvSource({ "2,0,0", "0,2,0", "2,4,1", "0,4,2", "3,1,4" })
    void gap_ofAChoice_isFromTheWorstChosenToTheBestLeftOut(int first, int second, double logits) {
        follow(first, second);
        follower.route(1, 0, LOGITS);
        assertThat(follower.rerouting().largestGap()).isCloseTo(logits / SPREAD, within(1e-12));
        assertThat(follower.rerouting().rerouted()).isEqualTo(logits > 0 ? 1 : 0);
        assertThat(follower.rerouting().tokenLayers()).isEqualTo(1);
    }

    @Test
    void gap_ofATie_isNothingThoughTheTokenWasRerouted() {
        follow(0, 2);
        follower.route(0, 0, new float[] { 1, 1, 1, 0, 0 });
        assertThat(follower.rerouting()).isEqualTo(new Rerouting(1, 1, 0));
    }

    @Test
    void gap_isOverTheSpreadOfItsOwnLayer() {
        follow(2, 4);
        follower.route(0, 0, LOGITS);
        follower.route(1, 0, new float[] { 200, -100, 300, 0, 100 });
        assertThat(follower.rerouting().largestGap()).isCloseTo(1 / SPREAD, within(1e-6));
        assertThat(follower.rerouting().rerouted()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({ "2,2", "-1,2", "2,5" })
    void choice_thatTheModelDoesNotAllow_isNotFollowedAndInfinitelyWrong(int first, int second) {
        follow(first, second);
        assertThat(follower.route(0, 0, LOGITS).experts()).containsExactly(2, 0);
        assertThat(follower.rerouting()).isEqualTo(new Rerouting(1, 1, Double.POSITIVE_INFINITY));
    }

    @Test
    void step_longerThanItsRouting_isRefused() {
        follow(2, 0);
        try (Session held = ENGINE.openFollowing(1, 4, follower)) {
            assertThatIllegalStateException().isThrownBy(() -> held.feed(new int[][] { { 1, 2 } }))
                    .withMessageContaining("routing of 1 tokens");
        }
    }

    /// One token of a step, the same in every layer.
    private void follow(int... experts) {
        follower.follow(new StepRouting(new int[][][] { { experts }, { experts }, { experts } }));
    }

    private static int[] tokens(int count, int salt) {
        return IntStream.range(0, count).map(i -> (i * 13 + salt * 11) % 40).toArray();
    }
}
