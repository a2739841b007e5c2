package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaEvent;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.PinnedBuffer;

/// The host's side of a session's copies: ordinary memory, which the driver stages, or page-locked memory, which copies go
/// to and from on their own. What is uploaded from page-locked memory may change only after [#awaitSent].
final class HostBuffers implements AutoCloseable {
    private final CudaContext context;
    private final boolean pinned;
    private final Arena arena = Arena.ofShared();
    private final List<PinnedBuffer> buffers = new ArrayList<>();
    private final CudaEvent sent;

    HostBuffers(CudaContext context, boolean pinned) {
        this.context = context;
        this.pinned = pinned;
        this.sent = context.event();
    }

    /// Memory for so many 32-bit integers.
    MemorySegment ints(String purpose, long count) {
        return take(purpose, Math.multiplyExact(count, ValueLayout.JAVA_INT.byteSize()));
    }

    /// Memory for so many 64-bit integers.
    MemorySegment longs(String purpose, long count) {
        return take(purpose, Math.multiplyExact(count, ValueLayout.JAVA_LONG.byteSize()));
    }

    /// Memory for so many floats.
    MemorySegment floats(String purpose, long count) {
        return take(purpose, Math.multiplyExact(count, ValueLayout.JAVA_FLOAT.byteSize()));
    }

    private MemorySegment take(String purpose, long bytes) {
        if (!pinned) {
            return arena.allocate(bytes, ValueLayout.JAVA_LONG.byteSize());
        }
        PinnedBuffer buffer = context.pinned(purpose, bytes);
        buffers.add(buffer);
        return buffer.segment();
    }

    /// Notes that the uploads so far are all that [#awaitSent] waits for.
    void sent(CudaStream stream) {
        if (pinned) {
            sent.record(stream);
        }
    }

    /// Waits until what was uploaded may be overwritten.
    void awaitSent() {
        if (pinned) {
            sent.synchronize();
        }
    }

    @Override
    public void close() {
        sent.close();
        buffers.forEach(PinnedBuffer::close);
        arena.close();
    }
}
