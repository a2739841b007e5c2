package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArenaLayoutTest {
    @Test
    void pieces_ofAnySize_areAlignedAndDoNotOverlap() {
        ArenaLayout layout = new ArenaLayout();
        long end = 0;
        for (long size : new long[] { 1, 255, 256, 257, 3, 5L << 30, 12 }) {
            long at = layout.reserve(size);
            assertThat(at % ArenaLayout.ALIGNMENT).isZero();
            assertThat(at).isGreaterThanOrEqualTo(end).isLessThan(end + ArenaLayout.ALIGNMENT);
            end = at + size;
        }
        assertThat(layout.bytes()).isGreaterThanOrEqualTo(end).isLessThan(end + ArenaLayout.ALIGNMENT);
    }

    @Test
    void pieces_withoutASize_areRefused() {
        assertThatThrownBy(() -> new ArenaLayout().reserve(0)).hasMessageContaining("0 bytes");
    }

    @Test
    void pieces_beyondWhatANumberHolds_areRefused() {
        ArenaLayout layout = new ArenaLayout();
        layout.reserve(1);
        assertThatThrownBy(() -> layout.reserve(Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
    }
}
