package org.moelab.gpu.engine;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;

/// A window of device memory that the level-2 cache keeps from one decode step to the next: keys and values, which every
/// step reads again while the weights stream past. Prefill, which reads its own activations again and again, gets the
/// whole cache.
final class CacheWindow implements AutoCloseable {
    private final CudaContext context;
    private final CudaStream stream;
    private final DeviceBuffer memory;
    private final Size size;
    private boolean holding;

    /// How much to span and to keep.
    ///
    /// @param bytes what the window spans, from the memory's beginning
    /// @param asideBytes what is set aside of the cache
    /// @param hitRatio the share of the span that is kept
    record Size(long bytes, long asideBytes, float hitRatio) {
        /// A window over so much memory on a device.
        static Size of(long memoryBytes, CudaDevice device) {
            long bytes = Math.min(memoryBytes, device.cacheWindowBytes());
            long aside = Math.min(bytes, device.persistingL2Bytes());
            return new Size(bytes, aside, (float) (aside / (double) bytes));
        }
    }

    /// @param memory what to keep, what matters most first
    CacheWindow(CudaContext context, CudaStream stream, DeviceBuffer memory) {
        this.context = context;
        this.stream = stream;
        this.memory = memory;
        this.size = Size.of(memory.bytes(), context.device());
        context.setCacheAside(size.asideBytes());
    }

    /// Keeps the memory, from the next kernel on.
    void hold() {
        if (!holding) {
            stream.keepInCache(memory.address(), size.bytes(), size.hitRatio());
            holding = true;
        }
    }

    /// Gives the cache back to everything.
    void release() {
        if (holding) {
            holding = false;
            stream.keepNothing();
            context.forgetCached();
        }
    }

    @Override
    public void close() {
        release();
        context.setCacheAside(0);
    }
}
