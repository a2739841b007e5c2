package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.RequiresGpu;

@RequiresGpu
class PinnedBufferTest {
    private static final int COUNT = 1000;

    @Test
    void content_toTheDeviceAndBack_isTheSame() throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaStream stream = context.stream();
                PinnedBuffer there = context.pinned("test", 4 * COUNT);
                PinnedBuffer back = context.pinned("test", 4 * COUNT);
                DeviceBuffer device = context.allocate("test", 4 * COUNT)) {
            for (int i = 0; i < COUNT; i++) {
                there.segment().setAtIndex(ValueLayout.JAVA_INT, i, i * i);
            }
            device.upload(there.segment(), 0, stream);
            device.download(back.segment(), 0, stream);
            stream.synchronize();
            assertThat(back.segment().toArray(ValueLayout.JAVA_INT))
                    .isEqualTo(there.segment().toArray(ValueLayout.JAVA_INT));
        }
    }

    @Test
    void buffers_byPurpose_areInTheHostsLedgerUntilClosed() throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open()) {
            PinnedBuffer buffer = context.pinned("routing", 4096);
            assertThat(context.hostLedger().outstanding()).startsWith("routing: ");
            assertThat(context.ledger().outstanding()).isEqualTo("nothing");
            buffer.close();
            buffer.close();
            assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
            assertThatThrownBy(buffer::segment).hasMessageContaining("routing");
        }
    }

    @Test
    void context_closedFirst_freesThem() throws CudaUnavailableException {
        CudaContext context = RequiresGpu.Condition.open();
        context.pinned("left over", 4096);
        context.close();
        assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
    }
}
