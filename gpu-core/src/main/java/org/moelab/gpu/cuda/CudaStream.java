package org.moelab.gpu.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/// A queue of work on the device: what is put in is done in order.
public final class CudaStream implements AutoCloseable {
    /// `CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW`, its structure's fields and the union's size: cuda.h.
    private static final int ACCESS_POLICY_WINDOW = 1;
    private static final long ATTRIBUTE_BYTES = 64;
    private static final long BASE_OFFSET = 0;
    private static final long BYTES_OFFSET = 8;
    private static final long HIT_RATIO_OFFSET = 16;
    private static final long HIT_PROPERTY_OFFSET = 20;
    private static final long MISS_PROPERTY_OFFSET = 24;
    private static final int NORMAL = 0;
    private static final int PERSISTING = 2;

    /// Which of several streams the device serves first: blocks of kernels of a higher priority are placed before others that
    /// wait, and those that run are not stopped.
    public enum Priority {
        USUAL, HIGH
    }

    private final DriverCalls calls;
    private final Handles.Stream handle = new Handles.Stream();

    /// A stream of its own, which does not wait for the default stream.
    CudaStream(DriverCalls calls, Priority priority) {
        this.calls = calls;
        int[] least = new int[1];
        int[] greatest = new int[1];
        Results.check("cuCtxGetStreamPriorityRange", JCudaDriver.cuCtxGetStreamPriorityRange(least, greatest));
        Results.check("cuStreamCreateWithPriority", JCudaDriver.cuStreamCreateWithPriority(handle,
                CUstream_flags.CU_STREAM_NON_BLOCKING, priority == Priority.HIGH ? greatest[0] : least[0]));
    }

    /// Its priority as the driver numbers it: the lower, the sooner served.
    int priority() {
        int[] priority = new int[1];
        Results.check("cuStreamGetPriority", JCudaDriver.cuStreamGetPriority(handle, priority));
        return priority[0];
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

    /// Keeps a piece of device memory in what is set aside of the level-2 cache ([CudaContext#setCacheAside]), as the
    /// kernels put in from now on touch it. A stream has one such window.
    ///
    /// @param hitRatio the share of the piece that is kept, so that no more is asked for than is set aside
    public void keepInCache(long address, long bytes, float hitRatio) {
        window(address, bytes, hitRatio, PERSISTING);
    }

    /// Keeps nothing, from the next kernel on; what is kept already stays until the context lets go of it.
    public void keepNothing() {
        window(0, 0, 0, NORMAL);
    }

    private void window(long address, long bytes, float hitRatio, int property) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            value.set(ValueLayout.JAVA_LONG, BASE_OFFSET, address);
            value.set(ValueLayout.JAVA_LONG, BYTES_OFFSET, bytes);
            value.set(ValueLayout.JAVA_FLOAT, HIT_RATIO_OFFSET, hitRatio);
            value.set(ValueLayout.JAVA_INT, HIT_PROPERTY_OFFSET, property);
            value.set(ValueLayout.JAVA_INT, MISS_PROPERTY_OFFSET, NORMAL);
            Results.check("cuStreamSetAttribute (access policy window)",
                    calls.setStreamAttribute().call(segment(), ACCESS_POLICY_WINDOW, value));
        }
    }

    /// Records what this thread puts in from now on instead of doing it, until the recording is finished.
    public GraphRecording record() {
        return new GraphRecording(calls.graphs(), this);
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
