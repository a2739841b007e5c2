package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class E4m3Test {
    @ParameterizedTest
    @CsvSource({ "0x00, 0", "0x01, 0x1p-9", "0x07, 0x7p-9", "0x08, 0x1p-6", "0x38, 1", "0x39, 1.125", "0x7E, 448",
            "0xB8, -1", "0xFE, -448" })
    void value_ofACode_isThatOfTheSpecification(String code, float value) {
        assertThat(E4m3.value(Integer.decode(code).byteValue())).isEqualTo(value);
    }

    @Test
    void value_ofTheLastCode_isNotANumber() {
        assertThat(E4m3.value((byte) 0x7F)).isNaN();
        assertThat(E4m3.nearest(Float.NaN)).isEqualTo((byte) 0x7F);
    }

    @ParameterizedTest
    @CsvSource({ "1.0625, 1", "1.1875, 1.25", "1.07, 1.125", "0x1p-10, 0", "0x3p-10, 0x1p-8", "500, 448", "-1e9, -448",
            "17, 16", "19, 20" })
    void nearest_ofANumberBetweenTwo_isTheNearerOrTheEvenOne(float value, float rounded) {
        assertThat(E4m3.round(value)).isEqualTo(rounded);
    }

    @Test
    void nearest_ofEveryValue_isItsCode() {
        for (int code = 0; code < 256; code++) {
            assertThat(E4m3.nearest(E4m3.value((byte) code)) & 0x7F).isEqualTo(code & 0x7F);
        }
    }

    @Test
    void value_asTheKernelsMoveItsBits_isExactInBf16() {
        for (int code = 0; code < 256; code++) {
            if ((code & 0x7F) != 0x7F) {
                // unpack_fp8: sign to bit 15, the rest to bits 10 to 4 of a bf16 number, times 2^120
                int bf16 = (code & 0x80) << 8 | (code & 0x7F) << 4;
                assertThat(Float.intBitsToFloat(bf16 << 16) * 0x1p120f).isEqualTo(E4m3.value((byte) code));
            }
        }
    }
}
