package org.moelab.gpu.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Memory that CUPTI fills with activity records: lent, filled, given back, lent again. Any thread.
///
/// CUPTI may keep an empty buffer for as long as the process lives, so what is lent is never freed.
final class RecordBuffers {
    private static final long ALIGNMENT = 8; // ACTIVITY_RECORD_ALIGNMENT of cupti_common.h

    private final long bytes;
    private final Map<Long, Buffer> lent = new ConcurrentHashMap<>();
    private final Queue<Buffer> idle = new ConcurrentLinkedQueue<>();

    private static final class Buffer {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;

        Buffer(long bytes) {
            memory = arena.allocate(bytes, ALIGNMENT);
        }
    }

    /// @param bytes size of each buffer
    RecordBuffers(long bytes) {
        this.bytes = bytes;
    }

    /// A buffer that nobody uses, made where none is idle.
    MemorySegment lend() {
        Buffer buffer = Optional.ofNullable(idle.poll()).orElseGet(() -> new Buffer(bytes));
        lent.put(buffer.memory.address(), buffer);
        return buffer.memory;
    }

    /// The lent buffer at an address.
    ///
    /// @throws IllegalArgumentException where none is lent there
    MemorySegment at(long address) {
        Buffer buffer = lent.get(address);
        if (buffer == null) {
            throw new IllegalArgumentException("no record buffer was lent at address " + Long.toHexString(address));
        }
        return buffer.memory;
    }

    /// Takes a buffer back, to be lent again. Addresses that are not lent are passed over.
    void takeBack(long address) {
        Optional.ofNullable(lent.remove(address)).ifPresent(idle::add);
    }

    /// Frees what is not lent.
    void free() {
        for (Buffer buffer = idle.poll(); buffer != null; buffer = idle.poll()) {
            buffer.arena.close();
        }
    }

    /// How many are lent.
    int lent() {
        return lent.size();
    }

    /// How many wait to be lent.
    int idle() {
        return idle.size();
    }
}
