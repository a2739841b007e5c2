package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CudaExceptionTest {
    @Test
    void message_callErrorAndMeaning_namesAllInOneLine() {
        CudaException failure = new CudaException("cuMemAlloc (weights, 2.15 GB)", 2, "CUDA_ERROR_OUT_OF_MEMORY",
                "out of memory");

        assertThat(failure)
                .hasMessage("cuMemAlloc (weights, 2.15 GB): CUDA_ERROR_OUT_OF_MEMORY (2), out of memory");
        assertThat(failure.code()).isEqualTo(2);
    }

    @Test
    void message_noMeaning_endsWithTheNumber() {
        assertThat(new CudaException("nvmlInit_v2", 9, "NVML error", "")).hasMessage("nvmlInit_v2: NVML error (9)");
    }
}
