package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.util.Set;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;

/// How a checkpoint's bytes get onto the device, where kernels unpack or pack them. Uploads and kernels take turns in a few
/// rooms of device memory, so that one is filled while the other is read.
interface Uploads extends AutoCloseable {
    /// How many rooms there are.
    int rooms();

    /// Uploads from now on may overwrite a room: they come after the kernels that read it.
    void claim(int room);

    /// Copies host memory to the device; it may be let go of at once.
    void upload(DeviceBuffer target, long offset, MemorySegment content);

    /// Kernels from now on find what was uploaded so far.
    void handOver();

    /// The kernels so far are the last that read a room.
    void release(int room);

    @Override
    void close();

    /// The way that some techniques ask for.
    ///
    /// @param kernels the stream of the kernels
    static Uploads of(CudaContext context, CudaStream kernels, Set<String> techniques) {
        return CopyQueue.of(context, techniques).<Uploads>map(queue -> new StagedUploads(context, kernels, queue))
                .orElseGet(() -> new InOrder(kernels));
    }

    /// One after the other in the stream of the kernels, staged by the driver.
    record InOrder(CudaStream stream) implements Uploads {
        @Override
        public int rooms() {
            return 1;
        }

        @Override
        public void claim(int room) {
            // the stream's order sees to it
        }

        @Override
        public void upload(DeviceBuffer target, long offset, MemorySegment content) {
            target.upload(content, offset, stream);
        }

        @Override
        public void handOver() {
            // the stream's order sees to it
        }

        @Override
        public void release(int room) {
            // the stream's order sees to it
        }

        @Override
        public void close() {
            // the stream is another's
        }
    }
}
