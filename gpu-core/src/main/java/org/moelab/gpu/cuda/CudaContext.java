package org.moelab.gpu.cuda;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.moelab.traces.model.Unit;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUlimit;
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
    private final MemoryLedger hostLedger = new MemoryLedger();
    private final Set<DeviceBuffer> buffers = ConcurrentHashMap.newKeySet();
    private final Set<PinnedBuffer> pinned = ConcurrentHashMap.newKeySet();
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

    /// What page-locked host memory is held, by purpose.
    public MemoryLedger hostLedger() {
        return hostLedger;
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

    /// Takes page-locked host memory. Its content is undefined.
    ///
    /// @param purpose what it is for, in a word or two, as the ledger shows it
    /// @throws CudaException where the system gives none
    public PinnedBuffer pinned(String purpose, long bytes) {
        PinnedBuffer buffer = new PinnedBuffer(this, purpose, bytes);
        pinned.add(buffer);
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
        return new CudaStream(calls);
    }

    /// A new event.
    public CudaEvent event() {
        return new CudaEvent();
    }

    /// Sets a part of the level-2 cache aside for what windows of streams name ([CudaStream#keepInCache]); the rest of the
    /// time it serves everything. 0 sets nothing aside.
    public void setCacheAside(long bytes) {
        Results.check("cuCtxSetLimit (" + Unit.BYTES.format((double) bytes) + " of L2 set aside)",
                JCudaDriver.cuCtxSetLimit(CUlimit.CU_LIMIT_PERSISTING_L2_CACHE_SIZE, bytes));
    }

    /// Lets go of everything that windows have kept in the level-2 cache.
    public void forgetCached() {
        Results.check("cuCtxResetPersistingL2Cache", JCudaDriver.cuCtxResetPersistingL2Cache());
    }

    /// Waits until the device has done all work of this context.
    public void synchronize() {
        Results.check("cuCtxSynchronize", JCudaDriver.cuCtxSynchronize());
    }

    /// Leaves the freeing of a buffer to the buffer, which does it now.
    void forget(DeviceBuffer buffer) {
        buffers.remove(buffer);
    }

    void forget(PinnedBuffer buffer) {
        pinned.remove(buffer);
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
            pinned.forEach(PinnedBuffer::close);
            Results.check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(handle));
        }
    }
}
