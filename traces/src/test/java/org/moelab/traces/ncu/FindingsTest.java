package org.moelab.traces.ncu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.moelab.traces.model.Warning;

final class FindingsTest {
    @Test
    void message_ofOneAndOfMany_takesTheFormThatFits() {
        Findings findings = new Findings();
        findings.add("a", "%d {metric is|metrics are} not a number");
        findings.add("b", "%d {kernel has|kernels have} no name, 5 %% of all");
        findings.add("b", "not the first one");
        findings.once("c", "100 % of {one|two}.ncu-rep");
        assertThat(findings.warnings()).containsExactly(new Warning("a", 1, "1 metric is not a number"),
                new Warning("b", 2, "2 kernels have no name, 5 % of all"),
                new Warning("c", 1, "100 % of {one|two}.ncu-rep"));
    }
}
