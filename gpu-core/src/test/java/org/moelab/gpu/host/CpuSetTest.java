package org.moelab.gpu.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {
    @Test
    void parse_rangesAndSingles_givesEachProcessor() {
        assertThat(CpuSet.parse("0-3,8, 10-11\n").cpus()).containsExactlyInAnyOrder(0, 1, 2, 3, 8, 10, 11);
        assertThat(CpuSet.parse("\n").cpus()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "0", "0-1", "5,7,9", "0-15,32-47,200" })
    void text_ofAList_isTheList(String list) {
        assertThat(CpuSet.parse(list)).hasToString(list);
    }

    @ParameterizedTest
    @ValueSource(strings = { "x", "3-1", "1-2-3", "0-3,-4", "0-99999999999" })
    void parse_somethingElse_namesIt(String text) {
        assertThatThrownBy(() -> CpuSet.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void and_ofTwoSets_holdsWhatBothHold() {
        assertThat(CpuSet.parse("0-7").and(CpuSet.parse("6-9"))).isEqualTo(new CpuSet(Set.of(6, 7)));
    }
}
