package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitTest {
    @ParameterizedTest
    @CsvSource({ "NANOSECONDS,0,0 ns", "NANOSECONDS,999,999 ns", "NANOSECONDS,13420,13.42 µs",
            "NANOSECONDS,-1500000,-1.500 ms", "NANOSECONDS,2e9,2.000 s",
            "NANOSECONDS,999999,1000 µs", "BYTES,512,512.0 B", "BYTES,1250000000,1.250 GB",
            "BYTES_PER_SECOND,4.28e12,4.280 TB/s", "PERCENT,15.71,15.71 %",
            "COUNT,1234567,'1,234,567'", "RATIO,25.4,25.40×" })
    void format_ofAFigure_hasAPrefixAndFourDigits(Unit unit, double value, String expected) {
        assertThat(unit.format(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({ "NANOSECONDS", "BYTES", "COUNT" })
    void format_ofWhatWasNotMeasured_isADash(Unit unit) {
        assertThat(unit.format(Double.NaN)).isEqualTo("–");
    }
}
