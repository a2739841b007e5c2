package org.moelab.gpu.cuda;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/// A GPU in use: memory, modules, streams and events are made here. It is the device's primary context, the one that
/// CUDA's own libraries use, so that they work on the same memory.
///
/// A thread must call [#makeCurrent] before it uses what belongs to a context; the thread that opened it need not.
/// Closing frees the memory that is still held.
public final class CudaContext implements AutoCloseable {
    private final CudaDevice device;
    private final CUdevice handle;
    private final DriverCalls calls;
    private final CUcontext context = new CUcontext();
    private final MemoryLedger ledger = new MemoryLedger();
    private final Set<DeviceBuffer> buffers = ConcurrentHashMap.newKeySet();
    private boolean open = true;

    CudaContext(CudaDevice device, CUdevice handle, DriverCalls calls) {
        this.device = device;
        this.handle = handle;
        this.calls = calls;
        Results.check("cuDevicePrimaryCtxRetain (" + device.name() + ")",
                JCudaDriver.cuDevicePrimaryCtxRetain(context, handle));
        makeCurrent();
    }

    /// The GPU's facts.
    public CudaDevice device() {
        return device;
    }

    /// What device memory is held, by purpose.
    public MemoryLedger ledger() {
        return ledger;
    }

    /// Binds the calling thread to this context.
    public void makeCurrent() {
        Results.check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
    }

    /// Device memory that nobody holds, in bytes.
    public long freeMemoryBytes() {
        long[] free = new long[1];
        Results.check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, new long[1]));
        return free[0];
    }

    /// Takes device memory. Its content is undefined.
    ///
    /// @param purpose what it is for, in a word or two, as the ledger shows it
    /// @throws CudaException where there is not enough
    public DeviceBuffer allocate(String purpose, long bytes) {
        DeviceBuffer buffer = new DeviceBuffer(this, purpose, bytes);
        buffers.add(buffer);
        return buffer;
    }

    /// Loads compiled kernels: a fatbin, a cubin, or PTX with a closing zero byte.
    ///
    /// @param name what error messages call it
    public CudaModule load(String name, byte[] image) {
        return new CudaModule(this, name, image);
    }

    /// A new stream.
    public CudaStream stream() {
        return new CudaStream();
    }

    /// A new event.
    public CudaEvent event() {
        return new CudaEvent();
    }

    /// Waits until the device has done all work of this context.
    public void synchronize() {
        Results.check("cuCtxSynchronize", JCudaDriver.cuCtxSynchronize());
    }

    /// Leaves the freeing of a buffer to the buffer, which does it now.
    void forget(DeviceBuffer buffer) {
        buffers.remove(buffer);
    }

    DriverCalls calls() {
        return calls;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            makeCurrent();
            buffers.forEach(DeviceBuffer::close);
            Results.check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(handle));
        }
    }
}
