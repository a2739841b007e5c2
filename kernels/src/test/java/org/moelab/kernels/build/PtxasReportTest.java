package org.moelab.kernels.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.moelab.kernels.KernelManifest.Usage;

class PtxasReportTest {
    @Test
    void parse_twoKernels_readsWhatEachNeeds() {
        String report = """
                ptxas info    : 0 bytes gmem
                ptxas info    : Compiling entry function 'first' for 'sm_90a'
                ptxas info    : Function properties for first
                    16 bytes stack frame, 12 bytes spill stores, 8 bytes spill loads
                ptxas info    : Used 62 registers, used 1 barriers, 32 bytes smem
                ptxas info    : Compile time = 41.070 ms
                ptxas info    : Compiling entry function 'second' for 'sm_90a'
                ptxas info    : Function properties for second
                    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
                ptxas info    : Used 24 registers, used 0 barriers
                ptxas info    : Function properties for helper
                    48 bytes stack frame, 40 bytes spill stores, 40 bytes spill loads
                """;

        assertThat(PtxasReport.parse(report)).containsExactly(
                new PtxasReport("first", new Usage("sm_90a", 62, 32, 16, 12, 8)),
                new PtxasReport("second", new Usage("sm_90a", 24, 0, 0, 0, 0)));
    }

    @Test
    void parse_noKernel_givesNone() {
        assertThat(PtxasReport.parse("ptxas info    : 0 bytes gmem\n")).isEmpty();
    }
}
