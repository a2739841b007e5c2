package org.moelab.gpu.cuda;

/// The facts of one GPU, as the CUDA driver tells them.
///
/// @param ordinal its number in this process
/// @param name the product's name
/// @param pciBusId its address, such as `0000:1B:00.0`, by which NVML knows it too
/// @param capability its compute capability
/// @param memoryBytes device memory in bytes
/// @param multiprocessors how many streaming multiprocessors it has
/// @param l2Bytes its level-2 cache in bytes
/// @param sharedBytesPerBlock the most shared memory that one block may ask for, in bytes
/// @param clockKhz the highest clock of the multiprocessors in kHz
/// @param persistingL2Bytes the most of the level-2 cache that can be set aside for what a window names, 0 where it cannot
/// @param cacheWindowBytes the most that such a window can span, in bytes
/// @param numaNode the host's NUMA node that it is attached to, -1 where the driver does not say
/// @param memoryPools whether memory can be taken from a pool, in a stream's order
public record CudaDevice(int ordinal, String name, String pciBusId, ComputeCapability capability, long memoryBytes,
        int multiprocessors, int l2Bytes, int sharedBytesPerBlock, int clockKhz,
        int persistingL2Bytes, int cacheWindowBytes, int numaNode, boolean memoryPools) {}
