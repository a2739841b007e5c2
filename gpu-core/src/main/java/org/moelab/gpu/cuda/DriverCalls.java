package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.nio.file.Path;

/// The driver's functions that are called as foreign functions: launches, because a launch costs half of what it costs
/// through JCuda, copies, because JCuda takes buffers of at most 2 GiB and no memory-mapped segments, pinned memory, which
/// JCuda gives as a pointer that it keeps to itself, attributes of streams, a union that it does not lay out, graphs, and pools of memory.
///
/// @param launchKernel `cuLaunchKernel`
/// @param launchKernelEx `cuLaunchKernelEx`: how to launch, the function, the parameters and what may stand in their place
/// @param copyToDevice `cuMemcpyHtoDAsync`
/// @param copyToHost `cuMemcpyDtoHAsync`
/// @param allocateHost `cuMemHostAlloc`: where to put the address, bytes, flags
/// @param freeHost `cuMemFreeHost`
/// @param setStreamAttribute `cuStreamSetAttribute`
/// @param graphs those that record and launch graphs
/// @param pools those that look after pools of memory
record DriverCalls(Signatures.Launch launchKernel, Signatures.PPPP launchKernelEx, Signatures.LPLP copyToDevice,
        Signatures.PLLP copyToHost,
        Signatures.PLI allocateHost, Signatures.P freeHost, Signatures.PIP setStreamAttribute, GraphCalls graphs,
        PoolCalls pools) {
    static DriverCalls open(Path file) throws CudaUnavailableException {
        ForeignLibrary library = ForeignLibrary.open(file);
        return new DriverCalls(
                library.bind(Signatures.Launch.class, "cuLaunchKernel", POINTER, INT, INT, INT, INT, INT, INT, INT,
                        POINTER, POINTER, POINTER),
                library.bind(Signatures.PPPP.class, "cuLaunchKernelEx", POINTER, POINTER, POINTER, POINTER),
                library.bind(Signatures.LPLP.class, "cuMemcpyHtoDAsync_v2", LONG, POINTER, LONG, POINTER),
                library.bind(Signatures.PLLP.class, "cuMemcpyDtoHAsync_v2", POINTER, LONG, LONG, POINTER),
                library.bind(Signatures.PLI.class, "cuMemHostAlloc", POINTER, LONG, INT),
                library.bind(Signatures.P.class, "cuMemFreeHost", POINTER),
                library.bind(Signatures.PIP.class, "cuStreamSetAttribute", POINTER, INT, POINTER),
                GraphCalls.of(library), PoolCalls.of(library));
    }
}
