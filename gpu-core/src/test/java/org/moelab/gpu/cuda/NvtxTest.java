package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.host.Host;

class NvtxTest {
    @Test
    void ranges_withoutAProfiler_doNothing() {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        assumeTrue(finder.find(CudaLibrary.NVTX).isPresent(), "NVTX is not installed");
        assertThatCode(() -> {
            try (Nvtx nvtx = Nvtx.open(finder, "MoE Lab tests")) {
                for (int i = 0; i < 1000; i++) {
                    nvtx.push("step");
                    nvtx.push("operation " + i % 3);
                    nvtx.pop();
                    nvtx.pop();
                }
            }
        }).doesNotThrowAnyException();
    }

    @Test
    void open_whereTheLibraryIsMissing_saysWhichInOneLine(@TempDir Path empty) {
        assertThatThrownBy(() -> Nvtx.open(new LibraryFinder(List.of(empty)), "x"))
                .isInstanceOf(CudaUnavailableException.class).hasMessageContaining("libnvtx3interop.so.1")
                .hasMessageNotContaining("\n");
    }
}
