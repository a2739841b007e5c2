package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import org.moelab.traces.model.Unit;

import jcuda.driver.JCudaDriver;

/// A piece of device memory. Closing it frees it; closing it twice is harmless.
///
/// Memory that was taken in the order of a stream is the stream's work's from there on, and is freed in that order, too: what
/// was put into the stream before still finds it. Other streams must have done with it, and the stream must still be open.
public final class DeviceBuffer implements AutoCloseable {
    private final CudaContext context;
    private final Handles.Address handle;
    private final String purpose;
    private final long bytes;
    private final Optional<CudaStream> order;
    private boolean open = true;

    /// @param order the stream in whose order it is taken and freed, none for at once
    DeviceBuffer(CudaContext context, String purpose, long bytes, Optional<CudaStream> order) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a buffer for " + purpose + " of " + bytes + " bytes");
        }
        this.context = context;
        this.purpose = purpose;
        this.bytes = bytes;
        this.order = order;
        this.handle = new Handles.Address();
        String what = " (" + purpose + ", " + Unit.BYTES.format((double) bytes) + ")";
        if (order.isPresent()) {
            Results.check("cuMemAllocAsync" + what,
                    JCudaDriver.cuMemAllocAsync(handle, bytes, order.get().handle()));
        } else {
            Results.check("cuMemAlloc" + what, JCudaDriver.cuMemAlloc(handle, bytes));
        }
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
        if (open && order.isPresent()) {
            leave();
            Results.check("cuMemFreeAsync (" + purpose + ")",
                    JCudaDriver.cuMemFreeAsync(handle, order.get().handle()));
        } else {
            freeAtOnce();
        }
    }

    /// Frees it without regard to its stream, which may be closed; waits for the device.
    void freeAtOnce() {
        if (open) {
            leave();
            Results.check("cuMemFree (" + purpose + ")", JCudaDriver.cuMemFree(handle));
        }
    }

    private void leave() {
        open = false;
        context.forget(this);
        context.ledger().freed(purpose, bytes);
    }
}
