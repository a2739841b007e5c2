package org.moelab.traces.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "void gemm_128x64_stages3<float, 4>(float*) | void gemm_256x128_stages4<float, 8>(float*)",
            "gemv_bf16_out_t1 | gemv_bf16_out_t4__without_ilp",
            "gemv_bf16_out_t1 | gemv_bf16_out_t1__with_latency_hiding",
            "gemv_bf16_out_t1 | gemv_bf16_out_t1__for_hidden_2880",
            "triton_poi_fused_add_3 | triton_poi_fused_add_17",
            "void at::f<128, at::(anonymous namespace)::G<int>>(int) | void at::f<(int)128, at::<unnamed>::G<int>>(int)",
            "void k<g(int const&)::{lambda(int)#1}>(int) | void k<void g(const T1 &)::[lambda(int) (instance 1)]>(T1)" })
    void of_sameWorkCompiledOrWrittenOtherwise_isTheSame(String one, String other) {
        assertThat(NormalName.of(one)).isEqualTo(NormalName.of(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "void map<Add>(float*) | void map<Mul>(float*)", "concat2 | concat3",
            "void f<float>(int) | void f<half>(int)", "a::norm | b::norm" })
    void of_otherWork_differs(String one, String other) {
        assertThat(NormalName.of(one)).isNotEqualTo(NormalName.of(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "Memcpy DtoH (Device -> Pinned) | [CUDA memcpy Device-to-Host]",
            "[CUDA memcpy HtoD] | [CUDA memcpy Host-to-Device]", "Memset (Device) | [CUDA memset]",
            "Memcpy DtoD | [CUDA memcpy Device-to-Device]" })
    void ofCopy_asTheToolsWriteIt_isTheSame(String one, String other) {
        assertThat(NormalName.ofCopy(one)).isEqualTo(NormalName.ofCopy(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[CUDA memcpy HtoD] | [CUDA memcpy DtoH]", "Memset (Device) | Memcpy DtoD" })
    void ofCopy_theOtherWay_differs(String one, String other) {
        assertThat(NormalName.ofCopy(one)).isNotEqualTo(NormalName.ofCopy(other));
    }
}
