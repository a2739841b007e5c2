package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;

class ParameterBlockTest {
    @Test
    void build_mixedTypes_pointsAtEachValueAlignedToItsSize() {
        try (Arena arena = Arena.ofConfined()) {
            ParameterBlock block = ParameterBlock.builder().pointer(0x7F00_1234_5678L).int32(-3).float32(0.5f)
                    .int64(1L << 40).build(arena);

            assertThat(value(block, 0, ValueLayout.JAVA_LONG)).isEqualTo(0x7F00_1234_5678L);
            assertThat(value(block, 1, ValueLayout.JAVA_INT)).isEqualTo(-3);
            assertThat(value(block, 2, ValueLayout.JAVA_FLOAT)).isEqualTo(0.5f);
            assertThat(value(block, 3, ValueLayout.JAVA_LONG)).isEqualTo(1L << 40);
            for (int i = 0; i < 4; i++) {
                assertThat(address(block, i) % 8).isZero();
            }
        }
    }

    @Test
    void setInt_betweenLaunches_replacesTheValueInPlace() {
        try (Arena arena = Arena.ofConfined()) {
            ParameterBlock block = ParameterBlock.builder().int32(1).int32(2).build(arena);
            long before = address(block, 1);

            block.setInt(1, 77);

            assertThat(address(block, 1)).isEqualTo(before);
            assertThat(value(block, 0, ValueLayout.JAVA_INT)).isEqualTo(1);
            assertThat(value(block, 1, ValueLayout.JAVA_INT)).isEqualTo(77);
        }
    }

    @Test
    void setFloat_onAnInteger_isRefused() {
        try (Arena arena = Arena.ofConfined()) {
            ParameterBlock block = ParameterBlock.builder().int32(1).build(arena);

            assertThatThrownBy(() -> block.setFloat(0, 1)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("parameter 0");
        }
    }

    private static long address(ParameterBlock block, int index) {
        return block.pointers().getAtIndex(ValueLayout.ADDRESS, index).address();
    }

    @SuppressWarnings("restricted") // reads what the driver would read
    private static Object value(ParameterBlock block, int index, ValueLayout type) {
        MemorySegment target = block.pointers().getAtIndex(ValueLayout.ADDRESS, index).reinterpret(type.byteSize());
        return switch (type) {
            case ValueLayout.OfInt i -> target.get(i, 0);
            case ValueLayout.OfLong l -> target.get(l, 0);
            case ValueLayout.OfFloat f -> target.get(f, 0);
            default -> throw new IllegalArgumentException(type.toString());
        };
    }
}
