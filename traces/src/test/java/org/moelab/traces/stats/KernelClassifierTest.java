package org.moelab.traces.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.traces.model.EventKind;

class KernelClassifierTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevKernelArgsStorage<4096ul>) | COMMUNICATION",
            "void wrapped::ncclKernel_Broadcast() | COMMUNICATION",
            "hipMemcpyAsync | COMMUNICATION",
            "hccl_all_gather | COMMUNICATION",
            "Memcpy HtoD (Pageable -> Device) | MEMORY",
            "Memset (Device) | MEMORY",
            "dma_copy | MEMORY",
            "Stream Sync | OTHER",
            "Stream Wait Event | OTHER",
            "cudaLaunchKernel | OTHER",
            "void copy_with_dma_engine() | OTHER",
            "void gemm_with_nccl_inside() | COMPUTATION",
            "sm90_xmma_gemm_bf16bf16 | COMPUTATION" })
    void of_name_followsTheRules(String name, KernelType expected) {
        assertThat(KernelClassifier.HTA.of(name)).isEqualTo(expected);
    }

    @Test
    void of_userPattern_makesDispatchCommunication() {
        KernelClassifier classifier = new KernelClassifier(List.of(Pattern.compile("deep_ep::.*::(dispatch|combine)")));
        String dispatch = "void deep_ep::internode_ll::dispatch<true, 7168>(void*)";

        assertThat(classifier.of(dispatch)).isEqualTo(KernelType.COMMUNICATION);
        assertThat(KernelClassifier.HTA.of(dispatch)).isEqualTo(KernelType.COMPUTATION);
    }

    @Test
    void of_copyOfAnotherTool_isMemoryByItsKind() {
        assertThat(KernelClassifier.HTA.of("[CUDA memcpy Host-to-Device]", EventKind.MEMCPY))
                .isEqualTo(KernelType.MEMORY);
        assertThat(KernelClassifier.HTA.of("gemm", EventKind.KERNEL)).isEqualTo(KernelType.COMPUTATION);
    }
}
