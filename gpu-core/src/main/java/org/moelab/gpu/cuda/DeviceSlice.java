package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

/// A piece of an arena's device memory.
///
/// @param arena what it is a piece of
/// @param offset where it begins there, in bytes
/// @param bytes its size
public record DeviceSlice(DeviceArena arena, long offset, long bytes) {
    /// The address on the device, aligned to 256 bytes.
    public long address() {
        return arena.buffer().address() + offset;
    }

    /// Copies host memory to its beginning: [DeviceBuffer#upload].
    public void upload(MemorySegment source, CudaStream stream) {
        requireInside(source.byteSize());
        arena.buffer().upload(source, offset, stream);
    }

    /// Copies its beginning to the host: [DeviceBuffer#download].
    public void download(MemorySegment target, CudaStream stream) {
        requireInside(target.byteSize());
        arena.buffer().download(target, offset, stream);
    }

    /// Copies what begins at a place of it to the host: [DeviceBuffer#download].
    ///
    /// @param from where to begin, in bytes
    public void download(MemorySegment target, long from, CudaStream stream) {
        if (from < 0) {
            throw new IndexOutOfBoundsException("byte " + from + " of a piece of " + bytes);
        }
        requireInside(Math.addExact(from, target.byteSize()));
        arena.buffer().download(target, offset + from, stream);
    }

    private void requireInside(long length) {
        if (length > bytes) {
            throw new IndexOutOfBoundsException(length + " bytes of a piece of " + bytes);
        }
    }
}
