package org.moelab.gpu.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// A mark in a stream, which notes the time when the device gets there, or only that it did.
public final class CudaEvent implements AutoCloseable {
    private final CUevent handle = new CUevent();

    /// @param timed whether it notes the time
    CudaEvent(boolean timed) {
        Results.check("cuEventCreate", JCudaDriver.cuEventCreate(handle,
                timed ? CUevent_flags.CU_EVENT_DEFAULT : CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }

    /// Puts the mark into a stream; an earlier mark of this event is forgotten.
    public void record(CudaStream stream) {
        Results.check("cuEventRecord", JCudaDriver.cuEventRecord(handle, stream.handle()));
    }

    /// Waits until the device has got to the mark.
    public void synchronize() {
        Results.check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(handle));
    }

    /// Whether the device has got to the mark; does not wait.
    public boolean isReached() {
        int result = JCudaDriver.cuEventQuery(handle);
        if (result != CUresult.CUDA_ERROR_NOT_READY) {
            Results.check("cuEventQuery", result);
        }
        return result == CUresult.CUDA_SUCCESS;
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
