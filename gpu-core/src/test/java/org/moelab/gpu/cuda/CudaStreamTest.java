package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.RequiresGpu;

@RequiresGpu
class CudaStreamTest {
    private static final long BYTES = 64L << 20;

    @Test
    void stream_ofHighPriority_isServedBeforeUsualOnes() throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaStream usual = context.stream();
                CudaStream high = context.stream(CudaStream.Priority.HIGH)) {
            assertThat(usual.priority()).isZero();
            assertThat(high.priority()).as("the driver numbers higher ones lower").isNegative();
        }
    }

    @Test
    void copy_thatAwaitsAFillInAnotherStream_findsIt() throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaStream first = context.stream();
                CudaStream second = context.stream();
                CudaEvent filled = context.signal();
                CudaEvent copied = context.signal();
                PinnedBuffer back = context.pinned("test", 4);
                DeviceBuffer device = context.allocate("test", BYTES)) {
            for (byte value = 1; value < 5; value++) {
                device.fill(value, first);
                filled.record(first);
                second.await(filled);
                device.download(back.segment(), BYTES - 4, second);
                copied.record(second);
                copied.synchronize();
                assertThat(copied.isReached()).isTrue();
                assertThat(back.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x01010101 * value);
            }
        }
    }
}
