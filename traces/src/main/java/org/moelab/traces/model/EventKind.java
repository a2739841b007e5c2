package org.moelab.traces.model;

/// What an event is. The kind decides which reports count it; the track says where it happened.
public enum EventKind {
    /// A kernel executing on a device.
    KERNEL(true),
    /// A copy executing on a device, unified-memory migrations included.
    MEMCPY(true),
    /// A fill executing on a device.
    MEMSET(true),
    /// A whole CUDA graph executing on a device, where the capture did not resolve its nodes.
    GRAPH(true),
    /// Other work on a device or accelerator stream that the producer recorded as a timed slice.
    DEVICE_OTHER(true),
    /// A range as it appears on the device: an annotation the producer placed there, or a host range projected by us.
    DEVICE_RANGE(true),
    /// A wait or synchronisation as the device side recorded it.
    SYNCHRONIZATION(true),
    /// A CUDA or HIP runtime call on a host thread.
    RUNTIME_CALL(false),
    /// A CUDA driver call on a host thread.
    DRIVER_CALL(false),
    /// An annotated host range: NVTX push/pop, or a framework's user annotation.
    RANGE(false),
    /// An annotated host range that may end on another thread (NVTX start/end).
    START_END_RANGE(false),
    /// An instant that an annotation or a framework marked.
    MARK(false),
    /// A framework operator on a host thread.
    CPU_OP(false),
    /// An interpreter frame on a host thread.
    PYTHON(false),
    /// A call into the operating system's run-time libraries.
    OS_RUNTIME(false),
    /// An allocation or release of memory, an instant.
    MEMORY(false),
    /// Time that the profiler itself cost.
    OVERHEAD(false),
    /// Whatever the producer recorded that fits none of the others.
    OTHER(false);

    private final boolean onDevice;

    EventKind(boolean onDevice) {
        this.onDevice = onDevice;
    }

    /// Whether events of this kind lie on a device's tracks.
    public boolean onDevice() {
        return onDevice;
    }

    /// Whether events of this kind are work that occupies a device: kernels, copies, fills, graphs, other slices.
    public boolean isDeviceWork() {
        return switch (this) {
            case KERNEL, MEMCPY, MEMSET, GRAPH, DEVICE_OTHER -> true;
            default -> false;
        };
    }

    /// Whether events of this kind are calls that can launch device work.
    public boolean isApiCall() {
        return this == RUNTIME_CALL || this == DRIVER_CALL;
    }

    private static final EventKind[] VALUES = values();

    /// The kind with this ordinal, without copying the constants.
    static EventKind of(int ordinal) {
        return VALUES[ordinal];
    }
}
