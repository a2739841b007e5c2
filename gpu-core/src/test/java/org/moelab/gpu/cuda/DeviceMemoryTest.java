package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.RequiresGpu;

@RequiresGpu
class DeviceMemoryTest {
    private static final int COUNT = 1 << 20;
    private static final long BYTES = 4L * COUNT;

    @Test
    void content_ofOrderedMemory_isThatOfItsStreamAlsoWhereItIsFreedAtOnce() throws CudaUnavailableException {
        try (CudaContext context = withPools();
                CudaStream stream = context.stream();
                PinnedBuffer there = context.pinned("test", BYTES);
                PinnedBuffer back = context.pinned("test", 3 * BYTES)) {
            DeviceMemory memory = context.ordered(stream);
            for (int round = 0; round < 3; round++) { // rounds may get the same memory again
                fill(there.segment(), round);
                try (DeviceBuffer device = memory.allocate("test", BYTES)) {
                    device.upload(there.segment(), 0, stream);
                    device.download(back.segment().asSlice(round * BYTES, BYTES), 0, stream);
                    assertThat(context.ledger().bytes()).isEqualTo(BYTES);
                }
                assertThat(context.ledger().outstanding()).isEqualTo("nothing");
                stream.synchronize(); // what is to be uploaded changes now
            }
            for (int i = 0; i < 3 * COUNT; i++) {
                int expected = i / COUNT * 7 + i % COUNT;
                if (back.segment().getAtIndex(ValueLayout.JAVA_INT, i) != expected) {
                    assertThat(back.segment().getAtIndex(ValueLayout.JAVA_INT, i)).as("number %s", i)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void freedMemory_thatThePoolKeeps_countsAsFreeAndCanBeTakenAtOnce() throws CudaUnavailableException {
        try (CudaContext context = withPools(); CudaStream stream = context.stream()) {
            long most = context.freeMemoryBytes() / 4 * 3;
            context.ordered(stream).allocate("ordered", most).close();
            stream.synchronize();
            assertThat(context.freeMemoryBytes()).isGreaterThanOrEqualTo(most);
            // does not fit beside what the pool keeps
            try (DeviceBuffer large = context.allocate("at once", most)) {
                assertThat(large.bytes()).isEqualTo(most);
            }
        }
    }

    @Test
    void context_closedAfterTheStream_freesWhatIsLeft() throws CudaUnavailableException {
        CudaContext context = withPools();
        try (CudaStream stream = context.stream()) {
            context.ordered(stream).allocate("left over", BYTES);
        }
        context.close();
        assertThat(context.ledger().outstanding()).isEqualTo("nothing");
    }

    private static void fill(MemorySegment numbers, int round) {
        for (int i = 0; i < COUNT; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_INT, i, 7 * round + i);
        }
    }

    private static CudaContext withPools() throws CudaUnavailableException {
        CudaContext context = RequiresGpu.Condition.open();
        if (!context.device().memoryPools()) {
            context.close();
        }
        assumeTrue(context.device().memoryPools(), context.device().name() + " has no pools of memory");
        return context;
    }
}
