package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;

class RecordBuffersTest {
    private final RecordBuffers buffers = new RecordBuffers(64);

    @Test
    void buffer_takenBack_isLentAgain() {
        MemorySegment first = buffers.lend();
        assertThat(first.address() % 8).isZero();
        assertThat(buffers.at(first.address()).byteSize()).isEqualTo(64);
        assertThat(buffers.lend().address()).isNotEqualTo(first.address());
        buffers.takeBack(first.address());
        assertThat(buffers.lend().address()).isEqualTo(first.address());
        assertThat(buffers.lent()).isEqualTo(2);
    }

    @Test
    void free_whileOneIsLent_leavesThatOne() {
        MemorySegment kept = buffers.lend();
        MemorySegment idle = buffers.lend();
        buffers.takeBack(idle.address());
        buffers.free();
        assertThat(buffers.idle()).isZero();
        assertThat(kept.get(ValueLayout.JAVA_BYTE, 0)).isZero();
        assertThatIllegalStateException().isThrownBy(() -> idle.get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void address_thatIsNotLent_isRefusedOrPassedOver() {
        buffers.takeBack(8);
        assertThat(buffers.idle()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> buffers.at(8)).withMessageContaining("8");
    }
}
