package org.moelab.traces.ncu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "copy|copy", "copy(float *, int)|copy",
            "void ns::inner::copy<float, (int)4>(float *, void (*)(int))|copy",
            "void at::native::<unnamed>::scan<at::op<float>>(T1)|scan",
            "copy_blocked[v1,cw5](Array<long, 1>)|copy_blocked[v1,cw5](Array<long, 1>)", "''|''" })
    void functionName_ofDemangledName_isTheNameAlone(String demangled, String function) {
        assertThat(FunctionName.of(demangled)).isEqualTo(function);
    }
}
