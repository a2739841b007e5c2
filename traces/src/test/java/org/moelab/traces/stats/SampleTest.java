package org.moelab.traces.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void statistics_evenCount_interpolatesTheMiddle() {
        Sample sample = of(7, 1, 4, 2);
        assertThat(sample.sum()).isEqualTo(14);
        assertThat(sample.mean()).isEqualTo(3.5);
        assertThat(sample.median()).isEqualTo(3);
        assertThat(sample.min()).isEqualTo(1);
        assertThat(sample.max()).isEqualTo(7);
        // pandas.Series([7, 1, 4, 2]).std() and .quantile(0.25)
        assertThat(sample.deviation()).isCloseTo(2.6457513110645907, within(1e-15));
        assertThat(sample.quantile(0.25)).isEqualTo(1.75);
    }

    @Test
    void add_afterStatistics_countsInTheNextOnes() {
        Sample sample = of(3, 1);
        assertThat(sample.median()).isEqualTo(2);
        sample.add(0);
        assertThat(sample.median()).isEqualTo(1);
        assertThat(sample.count()).isEqualTo(3);
    }

    @Test
    void deviation_oneFigure_isNotDefined() {
        assertThat(of(5).deviation()).isNaN();
        assertThat(of(5).median()).isEqualTo(5);
    }

    @Test
    void statistics_empty_areNotDefinedButTheSum() {
        assertThat(of().median()).isNaN();
        assertThat(of().mean()).isNaN();
        assertThat(of().sum()).isZero();
    }

    private static Sample of(double... values) {
        Sample sample = new Sample();
        for (double v : values) {
            sample.add(v);
        }
        return sample;
    }
}
