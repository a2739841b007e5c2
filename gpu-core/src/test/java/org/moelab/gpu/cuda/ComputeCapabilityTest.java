package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComputeCapabilityTest {
    @Test
    void target_sinceHopper_isTheCodeOfThatGpuAlone() {
        assertThat(new ComputeCapability(9, 0).target()).isEqualTo("sm_90a");
        assertThat(new ComputeCapability(10, 3).target()).isEqualTo("sm_103a");
        assertThat(new ComputeCapability(8, 9).target()).isEqualTo("sm_89");
    }
}
