package org.moelab.gpu.cuda;

/// Where device memory is taken: from the device at once, or from its pool in the order of a stream
/// ([CudaContext#ordered]).
@FunctionalInterface
public interface DeviceMemory {
    /// Takes device memory. Its content is undefined.
    ///
    /// @param purpose what it is for, in a word or two, as the ledger shows it
    /// @throws CudaException where there is not enough
    DeviceBuffer allocate(String purpose, long bytes);
}
