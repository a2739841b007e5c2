package org.moelab.traces.model;

/// How a kernel was launched. Few distinct ones occur in a trace, so events refer to them by index.
///
/// @param registersPerThread registers a thread, 0 where unknown
/// @param staticSharedBytes static shared memory a block
/// @param dynamicSharedBytes dynamic shared memory a block
public record LaunchConfig(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int registersPerThread,
        int staticSharedBytes, int dynamicSharedBytes) {
    /// Blocks in the grid.
    public long blocks() {
        return (long) gridX * gridY * gridZ;
    }

    /// Threads in a block.
    public int threadsPerBlock() {
        return blockX * blockY * blockZ;
    }
}
