package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import org.junit.jupiter.api.Test;

class EffectTest {
    @Test
    void factor_ofPairsThatAgree_isTheirRatioWithoutDoubt() {
        Effect effect = Effect.of(List.of(1.0, 2.0, 4.0), List.of(1.5, 3.0, 6.0));

        assertThat(effect.factor()).isCloseTo(1.5, within(1e-12));
        assertThat(effect.low()).isCloseTo(1.5, within(1e-12));
        assertThat(effect.high()).isCloseTo(1.5, within(1e-12));
        assertThat(effect.pairs()).isEqualTo(3);
        assertThat(effect.clear()).isTrue();
    }

    @Test
    void interval_ofThreePairs_isStudentsOfTheLogarithms() {
        // ratios e^0.1, e^0.2, e^0.3: mean 0.2, deviation 0.1, t of two degrees of freedom 4.303
        Effect effect = Effect.of(List.of(1.0, 1.0, 1.0), List.of(Math.exp(0.1), Math.exp(0.2), Math.exp(0.3)));

        double half = 4.303 * 0.1 / Math.sqrt(3);
        assertThat(effect.factor()).isCloseTo(Math.exp(0.2), within(1e-9));
        assertThat(effect.low()).isCloseTo(Math.exp(0.2 - half), within(1e-9));
        assertThat(effect.high()).isCloseTo(Math.exp(0.2 + half), within(1e-9));
        assertThat(effect.clear()).isFalse();
    }

    @Test
    void effect_ofOnePair_isNeverClear() {
        assertThat(Effect.of(List.of(1.0), List.of(9.0)).clear()).isFalse();
    }

    @Test
    void differsFrom_intervalsApart_isTrueBothWays() {
        Effect small = Effect.of(List.of(1.0, 1.0, 1.0), List.of(1.1, 1.1001, 1.0999));
        Effect large = Effect.of(List.of(1.0, 1.0, 1.0), List.of(1.3, 1.3001, 1.2999));

        assertThat(small.differsFrom(large)).isTrue();
        assertThat(large.differsFrom(small)).isTrue();
        assertThat(small.differsFrom(small)).isFalse();
    }

    @Test
    void of_noPairs_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Effect.of(List.of(), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Effect.of(List.of(1.0), List.of()));
    }
}
