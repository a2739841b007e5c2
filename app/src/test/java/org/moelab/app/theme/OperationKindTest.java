package org.moelab.app.theme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.traces.model.EventKind;

class OperationKindTest {
    @ParameterizedTest
    @CsvSource({
            "flash_fwd_splitkv_kernel, ATTENTION",
            "qkv_gemv_rope_kv_bf16_sm90, DENSE_MATMUL",
            "apply_rope_inplace, ATTENTION",
            "moe_gate_up_swiglu_mxfp4_sm90, EXPERT_MATMUL",
            "void at::cuda::detail::prepare_grouped_gemm_data<cutlass::bfloat16_t>, EXPERT_MATMUL",
            "_ZN7cutlass13device_kernelINS_4gemm17GroupProblemShapeIN4cute5tupleE, EXPERT_MATMUL",
            "void cutlass::device_kernel<cutlass::gemm::GroupProblemShape<int>>, EXPERT_MATMUL",
            "_matmul_ogs_bf16xmxfp4_swiglu, EXPERT_MATMUL",
            "triton_poi_fused_pad_moe_forward_0, ELEMENTWISE",
            "nvjet_sm90_tst_128x128_64x6_2x1_v_bz_TNT, DENSE_MATMUL",
            "void cutlass::Kernel2<cutlass_80_simt_sgemm_128x32_8x5_nn_align1>, DENSE_MATMUL",
            "void at::native::sbtopk::gatherTopK<c10::BFloat16>, ROUTER",
            "unembed_gemv_bf16_sm90, UNEMBEDDING",
            "coarse_logits_n8, UNEMBEDDING",
            "rescore_nearest, UNEMBEDDING",
            "norm_route, ROUTER",
            "dense_async_fp8_normed__for_hidden_2880_query_width_4096, DENSE_MATMUL",
            "ncclDevKernel_AllReduce_Sum_bf16_RING_LL, COMMUNICATION",
            "void at::native::vectorized_elementwise_kernel<4>, ELEMENTWISE",
            "convert_units, OTHER",
            "property_update, OTHER",
            "random_normal, OTHER",
            "process_cycle, OTHER" })
    void of_kernelName_isItsFamily(String name, OperationKind family) {
        assertThat(OperationKind.of(EventKind.KERNEL, name)).isEqualTo(family);
    }

    /// A timeline colours the lab's own kernels by their names, a run's views by what its report says: both have to agree.
    @Test
    void of_kernelsOfTheKeptRun_areTheFamiliesOfItsReport() {
        KeptRun.read().layers().stream().flatMap(l -> Stream.of(RunPhase.values()).flatMap(p -> p.cost(l).stream()))
                .flatMap(cost -> cost.operations().stream())
                // a library's kernels, and one that two families use, tell nothing by the name in the report
                .filter(o -> !o.implementation().startsWith("cublas") && !o.implementation().startsWith("gemv_"))
                .forEach(o -> assertThat(OperationKind.of(EventKind.KERNEL, o.implementation()))
                        .as(o.implementation()).isEqualTo(OperationKind.ofLabel(o.kind()).orElseThrow()));
    }

    @ParameterizedTest
    @CsvSource({ "MEMCPY, MEMORY", "MEMSET, MEMORY", "RUNTIME_CALL, CALL", "DRIVER_CALL, CALL", "RANGE, OTHER" })
    void of_eventThatIsNoKernel_goesByItsKind(EventKind kind, OperationKind family) {
        assertThat(OperationKind.of(kind, "flash_attention")).isEqualTo(family);
    }
}
