package org.moelab.app.expectation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

final class SignificanceTest {
    @Test
    void upperTail_ofTabulatedDeviations_isAsInTheTables() {
        assertThat(Significance.upperTail(1.959964)).isCloseTo(0.025, withPercentage(0.001));
        assertThat(Significance.upperTail(3.090232)).isCloseTo(0.001, withPercentage(0.001));
        assertThat(Significance.upperTail(4.264891)).isCloseTo(1e-5, withPercentage(0.001));
        assertThat(Significance.upperTail(Double.POSITIVE_INFINITY)).isZero();
    }

    @Test
    void threshold_ofMoreComparisons_isHigher() {
        assertThat(Significance.threshold(1)).isCloseTo(2.326348, offset(1e-5));
        assertThat(Significance.threshold(100)).isCloseTo(3.719016, offset(1e-5));
    }

    @Test
    void beyondNoise_stepsDown_fromTheLargest() {
        // alone 3.73 would need 3.72 of 100; the second is held against 99, the third against 98
        List<Double> widths = new ArrayList<>(Collections.nCopies(97, 0.5));
        widths.addAll(List.of(5.0, 3.7179, 3.5));

        assertThat(Significance.beyondNoise(widths, w -> w)).containsExactlyInAnyOrder(5.0, 3.7179);
    }

    @Test
    void beyondNoise_ofNoise_isNothing() {
        assertThat(Significance.beyondNoise(List.of(2.0, -9.0, 1.5), w -> w)).isEmpty();
    }
}
