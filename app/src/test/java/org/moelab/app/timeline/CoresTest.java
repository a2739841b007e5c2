package org.moelab.app.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoresTest {
    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 2, 3, 1000 })
    void share_anyNumberOfPieces_doesEachOnce(int pieces) {
        AtomicIntegerArray done = new AtomicIntegerArray(pieces);
        Cores.share(pieces, () -> done::incrementAndGet);
        for (int piece = 0; piece < pieces; piece++) {
            assertThat(done.get(piece)).isOne();
        }
    }

    @Test
    void share_aPieceFails_failsToo() {
        assertThatThrownBy(() -> Cores.share(10, () -> piece -> {
            if (piece == 7) {
                throw new IllegalStateException("the seventh");
            }
        })).isInstanceOf(IllegalStateException.class).hasStackTraceContaining("the seventh");
    }
}
