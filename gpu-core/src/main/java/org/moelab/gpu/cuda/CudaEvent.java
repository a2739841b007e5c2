package org.moelab.gpu.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/// A mark in a stream, which notes the time when the device gets there.
public final class CudaEvent implements AutoCloseable {
    private final CUevent handle = new CUevent();

    CudaEvent() {
        Results.check("cuEventCreate", JCudaDriver.cuEventCreate(handle, CUevent_flags.CU_EVENT_DEFAULT));
    }

    /// Puts the mark into a stream; an earlier mark of this event is forgotten.
    public void record(CudaStream stream) {
        Results.check("cuEventRecord", JCudaDriver.cuEventRecord(handle, stream.handle()));
    }

    /// Waits until the device has got to the mark.
    public void synchronize() {
        Results.check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(handle));
    }

    /// The time from another mark to this one in milliseconds, to about half a microsecond. Both must have been reached.
    public double millisSince(CudaEvent start) {
        float[] millis = new float[1];
        Results.check("cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(millis, start.handle, handle));
        return millis[0];
    }

    CUevent handle() {
        return handle;
    }

    @Override
    public void close() {
        Results.check("cuEventDestroy", JCudaDriver.cuEventDestroy(handle));
    }
}
