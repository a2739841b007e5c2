package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

/// The driver's functions for pools of device memory that JCuda does not have.
///
/// @param device `cuDeviceGet`: where to put the device, its number
/// @param pool `cuDeviceGetDefaultMemPool`: where to put the pool, a device
/// @param set `cuMemPoolSetAttribute`: a pool, which attribute, its value
/// @param get `cuMemPoolGetAttribute`: a pool, which attribute, where to put its value
/// @param trim `cuMemPoolTrimTo`: a pool, bytes to keep
record PoolCalls(Signatures.PI device, Signatures.PI pool, Signatures.PIP set, Signatures.PIP get,
        Signatures.PL trim) {
    static PoolCalls of(ForeignLibrary library) throws CudaUnavailableException {
        return new PoolCalls(library.bind(Signatures.PI.class, "cuDeviceGet", POINTER, INT),
                library.bind(Signatures.PI.class, "cuDeviceGetDefaultMemPool", POINTER, INT),
                library.bind(Signatures.PIP.class, "cuMemPoolSetAttribute", POINTER, INT, POINTER),
                library.bind(Signatures.PIP.class, "cuMemPoolGetAttribute", POINTER, INT, POINTER),
                library.bind(Signatures.PL.class, "cuMemPoolTrimTo", POINTER, LONG));
    }
}
