package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.Rerouting;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;

class VerificationTest {
    private static final double BOUND = Verification.BF16_ERROR;

    @Test
    void verification_ofTheReferenceItself_findsNoError() {
        assertThat(Verification.of(engine(5), engine(5), 2, 7))
                .isEqualTo(new Verification(2, 7, 0, 0, 0, 0, new Rerouting(2 * (7 + 3), 0, 0)));
    }

    @Test
    void verification_ofAnotherModel_findsAnError() {
        Verification verification = Verification.of(engine(6), engine(5), 1, 3);
        assertThat(verification.prefill()).isGreaterThan(0.1);
        assertThat(verification.decode()).isGreaterThan(0.1);
        assertThat(verification.worst()).isGreaterThan(0.1);
        assertThat(verification.problem(BOUND)).isPresent();
    }

    @Test
    void verification_whereTiesFallTheOtherWay_passesAndTellsThem() {
        Verification verification = Verification.of(tied(2, 1e-3f), tied(2, -1e-3f), 2, 17);
        assertThat(verification.rerouting().rerouted()).as("%s", verification).isBetween(1L, 39L);
        assertThat(verification.rerouting().largestGap()).as("%s", verification).isBetween(1e-9, 1e-2);
        assertThat(verification.worst()).as("%s", verification).isBetween(1e-6, 1e-3);
        assertThat(verification.unheld()).as("%s", verification).isGreaterThan(20 * verification.worst());
        assertThat(verification.problem(BOUND)).isEmpty();
    }

    @Test
    void verification_ofAWrongRouter_neverPassesForTies() {
        Verification verification = Verification.of(tied(0, 10), tied(0, 0), 1, 17);
        assertThat(verification.rerouting().rerouted()).isPositive();
        assertThat(verification.problem(BOUND)).hasValueSatisfying(p -> assertThat(p).contains("router is wrong"));
    }

    @Test
    void problem_ofEachBound_isNamed() {
        assertThat(figures(0.019, 0.049).problem(BOUND)).isEmpty();
        assertThat(figures(0.019, 0.051).problem(BOUND)).hasValue("gap above 5.0e-02: the router is wrong");
        assertThat(figures(0.019, Double.POSITIVE_INFINITY).problem(BOUND)).isPresent();
        assertThat(figures(0.021, 0.049).problem(BOUND)).hasValue("error above 2.0e-02");
        assertThat(figures(Double.NaN, 0).problem(BOUND)).isPresent();
        assertThat(choice(0.049).problem(BOUND)).isEmpty();
        assertThat(choice(0.051).problem(BOUND)).hasValue("choice above 5.0e-02: another token is likelier");
        assertThat(choice(Double.NaN).problem(BOUND)).isPresent();
        assertThat(figures(0.059, 0.149).problem(6e-2)).isEmpty();
    }

    @Test
    void worse_ofTwo_hasTheWorstOfEachFigureAndAllCounts() {
        Verification worse = new Verification(1, 48, 0.1, 0.2, 0.3, 0.4, new Rerouting(10, 1, 0.5))
                .worseOf(new Verification(8, 17, 0.2, 0.1, Double.NaN, 0.3, new Rerouting(5, 2, 0.6)));
        assertThat(worse)
                .isEqualTo(new Verification(8, 48, 0.2, 0.2, Double.NaN, 0.4, new Rerouting(15, 3, 0.6)));
    }

    private static Verification figures(double error, double gap) {
        return new Verification(1, 17, error, 0.01, 0, 0.5, new Rerouting(40, 3, gap));
    }

    private static Verification choice(double under) {
        return new Verification(1, 17, 0.01, 0.01, under, 0.5, new Rerouting(40, 3, 0.01));
    }

    private static CpuWeights weights(long seed) {
        return CpuWeights.of(new RandomWeights(new MoeConfig(1, 3, 2, 32, 32, 40, 4, 2, 8, 4, List.of(true), 64, 1e-5f,
                7f, new RopeScaling(10_000, 1, 64, 32, 1, false), List.of()), "small", seed));
    }

    private static CpuEngine engine(long seed) {
        return new CpuEngine(weights(seed));
    }

    /// A model whose experts 1 and 2 of 0 to 2 are tied, but for the lead that one expert is given.
    private static CpuEngine tied(int expert, float lead) {
        CpuWeights weights = weights(5);
        CpuWeights.Layer layer = weights.layers().getFirst();
        System.arraycopy(layer.router(), 32, layer.router(), 2 * 32, 32);
        layer.routerBias()[2] = layer.routerBias()[1];
        layer.routerBias()[expert] += lead;
        return new CpuEngine(weights);
    }
}
