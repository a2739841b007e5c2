package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

import org.moelab.traces.model.Unit;

import jcuda.driver.JCudaDriver;

/// A piece of device memory. Closing it frees it; closing it twice is harmless.
public final class DeviceBuffer implements AutoCloseable {
    private final CudaContext context;
    private final Handles.Address handle;
    private final String purpose;
    private final long bytes;
    private boolean open = true;

    DeviceBuffer(CudaContext context, String purpose, long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a buffer for " + purpose + " of " + bytes + " bytes");
        }
        this.context = context;
        this.purpose = purpose;
        this.bytes = bytes;
        this.handle = new Handles.Address();
        Results.check("cuMemAlloc (" + purpose + ", " + Unit.BYTES.format((double) bytes) + ")",
                JCudaDriver.cuMemAlloc(handle, bytes));
        context.ledger().allocated(purpose, bytes);
    }

    /// The address on the device, aligned to 256 bytes at least.
    public long address() {
        if (!open) {
            throw new IllegalStateException("the buffer for " + purpose + " was freed");
        }
        return handle.value();
    }

    /// The size in bytes.
    public long bytes() {
        return bytes;
    }

    /// What the memory is for.
    public String purpose() {
        return purpose;
    }

    /// Copies host memory to the device, in the stream's order. Host memory that is not pinned is staged, so the call
    /// returns only once it may be changed again; pinned memory must stay as it is until the stream has got there.
    ///
    /// @param offset where to begin on the device, in bytes
    public void upload(MemorySegment source, long offset, CudaStream stream) {
        requireInside(offset, source.byteSize());
        Results.check("cuMemcpyHtoDAsync (" + purpose + ")", context.calls().copyToDevice().call(address() + offset,
                source, source.byteSize(), stream.segment()));
    }

    /// Copies device memory to the host, in the stream's order: the content is there once the stream was synchronised.
    ///
    /// @param offset where to begin on the device, in bytes
    public void download(MemorySegment target, long offset, CudaStream stream) {
        requireInside(offset, target.byteSize());
        Results.check("cuMemcpyDtoHAsync (" + purpose + ")", context.calls().copyToHost().call(target,
                address() + offset, target.byteSize(), stream.segment()));
    }

    /// Sets every byte, in the stream's order.
    public void fill(byte value, CudaStream stream) {
        address();
        Results.check("cuMemsetD8Async (" + purpose + ")",
                JCudaDriver.cuMemsetD8Async(handle, value, bytes, stream.handle()));
    }

    private void requireInside(long offset, long length) {
        if (offset < 0 || length < 0 || offset > bytes - length) {
            throw new IndexOutOfBoundsException(
                    "bytes " + offset + " to " + (offset + length) + " of a buffer of " + bytes + " for " + purpose);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            context.forget(this);
            context.ledger().freed(purpose, bytes);
            Results.check("cuMemFree (" + purpose + ")", JCudaDriver.cuMemFree(handle));
        }
    }
}
