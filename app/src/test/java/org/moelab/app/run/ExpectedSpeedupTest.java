package org.moelab.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import org.junit.jupiter.api.Test;

class ExpectedSpeedupTest {
    @Test
    void ofTimes_rangesOfBoth_spanFromTheLeastToTheMost() {
        ExpectedSpeedup expected = ExpectedSpeedup.ofTimes("6", 9, 10, 2, 3, "some runs");
        assertThat(expected.low()).isCloseTo(3, within(1e-12));
        assertThat(expected.high()).isCloseTo(5, within(1e-12));
    }

    @Test
    void find_anotherLayer_isEmpty() {
        List<ExpectedSpeedup> expected = List.of(new ExpectedSpeedup("5", 1, 2, "some runs"));
        assertThat(ExpectedSpeedup.find(expected, "5")).contains(expected.getFirst());
        assertThat(ExpectedSpeedup.find(expected, "6")).isEmpty();
    }

    @Test
    void range_upsideDownOrNotANumber_isRefused() {
        assertThatThrownBy(() -> new ExpectedSpeedup("6", 3, 2, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExpectedSpeedup("6", Double.NaN, 2, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExpectedSpeedup("6", 1, Double.NaN, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
