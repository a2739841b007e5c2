package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Mxfp4Test {
    @ParameterizedTest
    @CsvSource({ "127, 1", "128, 2", "126, 0.5", "137, 1024", "1, 1.1754943508222875E-38", "0, 5.877471754111438E-39",
            "254, 1.7014118346046923E38" })
    void scale_exponentByte_isAPowerOfTwo(int bits, float factor) {
        assertThat(Mxfp4.scale((byte) bits)).isEqualTo(factor);
    }

    @Test
    void scale_lastByte_isNotANumber() {
        assertThat(Mxfp4.scale((byte) 255)).isNaN();
    }

    @Test
    void unpack_everyElement_lowHalfFirstAndScaled() {
        byte[] blocks = new byte[32];
        for (int j = 0; j < 16; j++) {
            blocks[j] = (byte) (j % 8 * 2 | (j % 8 * 2 + 1) << 4); // 0, 1, 2 … 15, twice
        }
        blocks[16] = 0x72; // 2 low: 1.0, 7 high: 6.0
        float[] values = new float[64];

        Mxfp4.unpack(MemorySegment.ofArray(blocks), MemorySegment.ofArray(new byte[] { (byte) 128, 125 }), values);

        float[] positive = { 0, 1, 2, 3, 4, 6, 8, 12 };
        for (int i = 0; i < 32; i++) {
            float magnitude = positive[i % 8];
            assertThat(values[i]).as("value %d", i).isEqualTo(i % 16 < 8 ? magnitude : -magnitude);
        }
        assertThat(values[32]).isEqualTo(0.25f);
        assertThat(values[33]).isEqualTo(1.5f);
        assertThat(values[34]).isZero();
    }

    @Test
    void unpack_tooFewBytes_isRefused() {
        assertThatThrownBy(() -> Mxfp4.unpack(MemorySegment.ofArray(new byte[15]),
                MemorySegment.ofArray(new byte[1]), new float[32])).isInstanceOf(IllegalArgumentException.class);
    }
}
