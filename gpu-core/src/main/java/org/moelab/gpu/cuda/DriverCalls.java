package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.nio.file.Path;

/// The driver's functions that are called as foreign functions: launches, because a launch costs half of what it costs
/// through JCuda, and copies, because JCuda takes buffers of at most 2 GiB and no memory-mapped segments.
///
/// @param launchKernel `cuLaunchKernel`
/// @param copyToDevice `cuMemcpyHtoDAsync`
/// @param copyToHost `cuMemcpyDtoHAsync`
record DriverCalls(Signatures.Launch launchKernel, Signatures.LPLP copyToDevice, Signatures.PLLP copyToHost) {
    static DriverCalls open(Path file) throws CudaUnavailableException {
        ForeignLibrary library = ForeignLibrary.open(file);
        return new DriverCalls(
                library.bind(Signatures.Launch.class, "cuLaunchKernel", POINTER, INT, INT, INT, INT, INT, INT, INT,
                        POINTER, POINTER, POINTER),
                library.bind(Signatures.LPLP.class, "cuMemcpyHtoDAsync_v2", LONG, POINTER, LONG, POINTER),
                library.bind(Signatures.PLLP.class, "cuMemcpyDtoHAsync_v2", POINTER, LONG, LONG, POINTER));
    }
}
