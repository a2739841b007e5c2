package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PackedLongsTest {
    static Stream<Arguments> columns() {
        return Stream.of(Arguments.of(new long[] {}, 0), Arguments.of(new long[] { 5 }, 1),
                Arguments.of(new long[] { 1000, 1255 }, 1), Arguments.of(new long[] { -1, 255 }, 2),
                Arguments.of(new long[] { -70_000, -4465 }, 2), Arguments.of(new long[] { 0, 65_536 }, 4),
                Arguments.of(new long[] { 1L << 40, (1L << 40) + 0xFFFF_FFFFL }, 4),
                Arguments.of(new long[] { 0, 1L << 32 }, 8),
                Arguments.of(new long[] { Long.MIN_VALUE, Long.MAX_VALUE }, 8),
                Arguments.of(new long[] { Double.doubleToRawLongBits(0.1), Double.doubleToRawLongBits(-3) }, 8));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void values_ofAnyRange_comeBackFromAsFewBytesAsTheyNeed(long[] values, int width) {
        PackedLongs packed = new PackedLongs(values.clone());

        assertThat(IntStream.range(0, values.length).mapToLong(packed::get).toArray()).isEqualTo(values);
        assertThat(packed.bytes()).isEqualTo((long) width * values.length);
    }
}
