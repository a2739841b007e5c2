package org.moelab.gpu.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.moelab.traces.model.Unit;

/// Page-locked host memory: the copy engine reads and writes it itself, so that a copy from or to it is not staged and
/// runs beside the host. Every thread and every context may use it. Closing it frees it; closing it twice is harmless.
///
/// A copy returns before it is done: what is to be uploaded must stay as it is, and what was downloaded must not be
/// looked at, until the stream has got there.
public final class PinnedBuffer implements AutoCloseable {
    /// `CU_MEMHOSTALLOC_PORTABLE`: pinned for all contexts of the process.
    private static final int PORTABLE = 1;

    private final CudaContext context;
    private final String purpose;
    private final MemorySegment segment;
    private boolean open = true;

    @SuppressWarnings("restricted") // the driver gives an address, and we know how long the memory is
    PinnedBuffer(CudaContext context, String purpose, long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a buffer for " + purpose + " of " + bytes + " bytes");
        }
        this.context = context;
        this.purpose = purpose;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            Results.check("cuMemHostAlloc (" + purpose + ", " + Unit.BYTES.format((double) bytes) + ")",
                    context.calls().allocateHost().call(out, bytes, PORTABLE));
            segment = out.get(ValueLayout.ADDRESS, 0).reinterpret(bytes);
        }
        context.hostLedger().allocated(purpose, bytes);
    }

    /// The memory, aligned to a page; it must not be used once the buffer is closed.
    public MemorySegment segment() {
        if (!open) {
            throw new IllegalStateException("the buffer for " + purpose + " was freed");
        }
        return segment;
    }

    /// What the memory is for.
    public String purpose() {
        return purpose;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            context.forget(this);
            context.hostLedger().freed(purpose, segment.byteSize());
            Results.check("cuMemFreeHost (" + purpose + ")", context.calls().freeHost().call(segment));
        }
    }
}
