package org.moelab.gpu.cuda;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.moelab.traces.model.Unit;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUlimit;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// A GPU in use: memory, modules, streams and events are made here. It is the device's primary context, the one that
/// CUDA's own libraries use, so that they work on the same memory.
///
/// A thread must call [#makeCurrent] before it uses what belongs to a context; the thread that opened it need not.
/// Closing frees the memory that is still held.
public final class CudaContext implements DeviceMemory, AutoCloseable {
    private final CudaDevice device;
    private final CUdevice handle;
    private final DriverCalls calls;
    private final CUcontext context = new CUcontext();
    private final MemoryLedger ledger = new MemoryLedger();
    private final MemoryLedger hostLedger = new MemoryLedger();
    private final Set<DeviceBuffer> buffers = ConcurrentHashMap.newKeySet();
    private final Set<PinnedBuffer> pinned = ConcurrentHashMap.newKeySet();
    private Optional<MemoryPool> pool = Optional.empty();
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

    /// Device memory that nobody holds, in bytes, what lies idle in the pool included.
    public long freeMemoryBytes() {
        long[] free = new long[1];
        Results.check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, new long[1]));
        return free[0] + idlePoolBytes();
    }

    private synchronized long idlePoolBytes() {
        return pool.map(MemoryPool::unusedBytes).orElse(0L);
    }

    /// Takes device memory at once; where there is not enough, what lies idle in the pool is given back first.
    @Override
    public DeviceBuffer allocate(String purpose, long bytes) {
        try {
            return kept(new DeviceBuffer(this, purpose, bytes, Optional.empty()));
        } catch (CudaException e) {
            if (e.code() != CUresult.CUDA_ERROR_OUT_OF_MEMORY || !emptyPool()) {
                throw e;
            }
            return kept(new DeviceBuffer(this, purpose, bytes, Optional.empty()));
        }
    }

    /// @return whether there is a pool
    private synchronized boolean emptyPool() {
        if (pool.isPresent()) {
            synchronize(); // what was freed in the order of a stream is idle only when the stream has got there
            pool.get().trim();
        }
        return pool.isPresent();
    }

    private DeviceBuffer kept(DeviceBuffer buffer) {
        buffers.add(buffer);
        return buffer;
    }

    /// Device memory from the device's pool, taken and freed in the order of a stream: neither waits for the device. What is
    /// freed stays in the pool as long as the context is open.
    ///
    /// @param stream must be open as long as what is taken
    /// @throws IllegalStateException where the device has no pools
    public DeviceMemory ordered(CudaStream stream) {
        openPool();
        return (purpose, bytes) -> kept(new DeviceBuffer(this, purpose, bytes, Optional.of(stream)));
    }

    private synchronized void openPool() {
        if (!device.memoryPools()) {
            throw new IllegalStateException(device.name() + " has no pools of memory");
        }
        if (pool.isEmpty()) {
            pool = Optional.of(new MemoryPool(calls.pools(), device));
        }
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
        return stream(CudaStream.Priority.USUAL);
    }

    /// A new stream of a priority.
    public CudaStream stream(CudaStream.Priority priority) {
        return new CudaStream(calls, priority);
    }

    /// A new event.
    public CudaEvent event() {
        return new CudaEvent(true);
    }

    /// A new event that notes no time, which costs the device less: for streams and threads that wait for each other.
    public CudaEvent signal() {
        return new CudaEvent(false);
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

    /// Tells a profiler that watches the process to begin recording, where it was told to wait for that. Without one, nothing
    /// happens.
    public void beginProfiling() {
        Results.check("cuProfilerStart", JCudaDriver.cuProfilerStart());
    }

    /// Tells a profiler to end recording.
    public void endProfiling() {
        Results.check("cuProfilerStop", JCudaDriver.cuProfilerStop());
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
            buffers.forEach(DeviceBuffer::freeAtOnce);
            pinned.forEach(PinnedBuffer::close);
            pool.ifPresent(MemoryPool::close);
            Results.check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(handle));
        }
    }
}
