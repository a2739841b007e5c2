package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/// A queue of work on the device: what is put in is done in order.
public final class CudaStream implements AutoCloseable {
    private final Handles.Stream handle = new Handles.Stream();

    /// A stream of its own, which does not wait for the default stream.
    CudaStream() {
        Results.check("cuStreamCreate", JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING));
    }

    /// Waits until all that was put in is done.
    ///
    /// @throws CudaException also where a kernel put in earlier failed
    public void synchronize() {
        Results.check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(handle));
    }

    /// Lets what is put in from now on wait for an event.
    public void await(CudaEvent event) {
        Results.check("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(handle, event.handle(), 0));
    }

    Handles.Stream handle() {
        return handle;
    }

    MemorySegment segment() {
        return handle.segment();
    }

    @Override
    public void close() {
        Results.check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(handle));
    }
}
