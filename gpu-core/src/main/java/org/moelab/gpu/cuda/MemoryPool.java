package org.moelab.gpu.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The device's pool, which memory is taken from in a stream's order. While one is open, what is given back stays in it, so
/// that who asks next gets it without the device being waited for.
final class MemoryPool implements AutoCloseable {
    /// `CU_MEMPOOL_ATTR_*` of cuda.h; their values are 64 bits.
    private static final int RELEASE_THRESHOLD = 4;
    private static final int RESERVED = 5;
    private static final int USED = 7;
    private static final long ALL = -1; // the largest unsigned number
    private static final long NOTHING = 0;

    private final PoolCalls calls;
    private final MemorySegment pool;

    /// @param device a device that has pools
    MemoryPool(PoolCalls calls, CudaDevice device) {
        this.calls = calls;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.JAVA_INT);
            Results.check("cuDeviceGet", calls.device().call(handle, device.ordinal()));
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            Results.check("cuDeviceGetDefaultMemPool",
                    calls.pool().call(out, handle.get(ValueLayout.JAVA_INT, 0)));
            pool = out.get(ValueLayout.ADDRESS, 0);
        }
        keep(ALL);
    }

    private void keep(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            Results.check("cuMemPoolSetAttribute (release threshold)",
                    calls.set().call(pool, RELEASE_THRESHOLD, arena.allocateFrom(ValueLayout.JAVA_LONG, bytes)));
        }
    }

    /// Bytes that it holds and nobody has.
    long unusedBytes() {
        return value(RESERVED) - value(USED);
    }

    private long value(int attribute) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            Results.check("cuMemPoolGetAttribute", calls.get().call(pool, attribute, out));
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /// Gives the device what nobody has. What was given back in a stream's order is nobody's once the stream has got there.
    void trim() {
        Results.check("cuMemPoolTrimTo", calls.trim().call(pool, NOTHING));
    }

    @Override
    public void close() {
        keep(NOTHING);
        trim();
    }
}
