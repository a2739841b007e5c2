package org.moelab.gpu.engine;

import java.util.Optional;

import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.DeviceMemory;
import org.moelab.gpu.model.MoeConfig;

/// A cache in which each sequence has room for all that it can grow to, side by side, from the beginning.
final class ContiguousCache implements KeyValueCache {
    private final CacheLayout layout;
    private final DeviceBuffer buffer;
    private final int capacity;

    /// @param memory where it is taken
    /// @param capacity tokens that each sequence can grow to
    ContiguousCache(DeviceMemory memory, MoeConfig config, CacheForm form, int sequences, int capacity) {
        this.layout = CacheLayout.of(config, form, (long) sequences * capacity);
        this.buffer = memory.allocate(CacheForm.PURPOSE, layout.bytes());
        this.capacity = capacity;
    }

    @Override
    public long[] addresses(int layer) {
        return layout.addresses(buffer.address(), layer);
    }

    @Override
    public Launcher room(Launcher launcher) {
        return launcher.int32(capacity);
    }

    @Override
    public void reach(int tokens, CudaStream stream) {
        if (tokens > capacity) {
            throw new IllegalArgumentException(tokens + " tokens of a sequence that can grow to " + capacity);
        }
    }

    @Override
    public void clear() {
    }

    @Override
    public void poison(CudaStream stream) {
        buffer.fill((byte) 0xFF, stream);
    }

    @Override
    public Optional<DeviceBuffer> whole() {
        return Optional.of(buffer);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
