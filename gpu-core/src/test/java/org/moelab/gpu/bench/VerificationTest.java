package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;

class VerificationTest {
    @Test
    void verification_ofTheReferenceItself_findsNoError() {
        assertThat(Verification.of(engine(5), engine(5), 2, 7)).isEqualTo(new Verification(2, 7, 0, 0, 0));
    }

    @Test
    void verification_ofAnotherModel_findsAnError() {
        Verification verification = Verification.of(engine(6), engine(5), 1, 3);
        assertThat(verification.prefill()).isGreaterThan(0.1);
        assertThat(verification.decode()).isGreaterThan(0.1);
        assertThat(verification.worst()).isGreaterThan(0.1);
    }

    private static CpuEngine engine(long seed) {
        return new CpuEngine(CpuWeights.of(new RandomWeights(new MoeConfig(1, 3, 2, 32, 32, 40, 4, 2, 8, 4,
                List.of(true), 64, 1e-5f, 7f, new RopeScaling(10_000, 1, 64, 32, 1, false), List.of()), "small",
                seed)));
    }
}
