package org.moelab.gpu.engine;

import java.util.Optional;

import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;

/// The device memory for keys and values of a session's sequences, all layers'. Kernels take addresses of a layer, and what
/// tells them where in it a sequence's tokens lie; neither changes as sequences grow.
sealed interface KeyValueCache extends AutoCloseable permits ContiguousCache, PagedCache {
    /// The addresses of a layer's keys, its values, and their scales where there are such, as kernels take them.
    long[] addresses(int layer);

    /// Adds the parameter by which kernels find a sequence: `Room` of `common/pages.cuh`.
    Launcher room(Launcher launcher);

    /// Sees to it that each sequence has room for so many tokens, before what puts them there is launched.
    void reach(int tokens, CudaStream stream);

    /// Forgets all sequences, which no stream works with any more.
    void clear();

    /// Overwrites it with bytes that are not-a-number in every floating-point type, also what it grows by.
    void poison(CudaStream stream);

    /// The one allocation that holds it, where it is one.
    Optional<DeviceBuffer> whole();

    @Override
    void close();
}
