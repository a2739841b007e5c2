package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "void at::native::fill_kernel<4, at::native::Fill<float> >(int, float*) | fill_kernel<4, Fill<float> >",
            "void at::native::(anonymous namespace)::norm_kernel<float>(int, float) | norm_kernel<float>",
            "void ns::apply<128, ns::launch(ns::Iter&)::{lambda(int)#1}>(int) | apply<128, launch(Iter&)::{lambda(int)#1}>",
            "check_Rk(const int *, int) | check_Rk",
            "unsigned int ns::count(int) | count",
            "void scale<float> | scale<float>",
            "volta_sgemm_128x32_nt | volta_sgemm_128x32_nt",
            "aten::mm | aten::mm",
            "torch/module.py(1530): _call_impl | torch/module.py(1530): _call_impl",
            "ns::amd_kernel(int) [clone .kd] | amd_kernel",
            "Memcpy DtoD (Device -> Device) | Memcpy DtoD (Device -> Device)",
            "[CUDA memcpy HtoD] | [CUDA memcpy HtoD]",
            "_ZN7cutlass13device_kernelINS_4gemmEEEvT_ | device_kernel",
            "_Z9scale_addPfi | scale_add",
            "_ZN99short | _ZN99short",
            "_Z | _Z",
            "broken<<( | broken<<(",
            "void | void" })
    void label_demangledName_dropsReturnTypeScopeAndParameters(String name, String label) {
        assertThat(FunctionName.parse(name).label()).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "void a::b<c::d>::run<1>(int) | a::b<c::d>:: | run | <1>" })
    void parse_memberOfATemplate_splitsAtTheLastScope(String demangled, String scope, String name, String arguments) {
        assertThat(FunctionName.parse(demangled)).isEqualTo(new FunctionName(scope, name, arguments));
    }
}
