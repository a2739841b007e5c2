package org.moelab.gpu.cuda;

/// How many threads a kernel is launched with.
///
/// @param gridX blocks in x, likewise y and z
/// @param blockX threads of a block in x, likewise y and z
/// @param dynamicSharedBytes shared memory that each block gets beside what the kernel declares
/// @param clusterX blocks in x that form a cluster, of which `gridX` holds a whole number; 1 for none
public record LaunchShape(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int dynamicSharedBytes,
        int clusterX) {
    public LaunchShape {
        if (clusterX < 1 || gridX % clusterX != 0) {
            throw new IllegalArgumentException(gridX + " blocks in clusters of " + clusterX);
        }
        if (gridX < 1 || gridY < 1 || gridZ < 1 || blockX < 1 || blockY < 1 || blockZ < 1 || dynamicSharedBytes < 0) {
            throw new IllegalArgumentException("a launch of " + gridX + "×" + gridY + "×" + gridZ + " blocks of "
                    + blockX
                    + "×" + blockY + "×" + blockZ + " threads with " + dynamicSharedBytes + " bytes of shared memory");
        }
    }

    /// Without clusters.
    public LaunchShape(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int dynamicSharedBytes) {
        this(gridX, gridY, gridZ, blockX, blockY, blockZ, dynamicSharedBytes, 1);
    }

    /// The same with so much dynamic shared memory.
    public LaunchShape withSharedBytes(int bytes) {
        return new LaunchShape(gridX, gridY, gridZ, blockX, blockY, blockZ, bytes, clusterX);
    }

    /// The same in clusters of so many blocks in x.
    public LaunchShape inClustersOf(int blocks) {
        return new LaunchShape(gridX, gridY, gridZ, blockX, blockY, blockZ, dynamicSharedBytes, blocks);
    }

    /// A row of blocks of a row of threads.
    public static LaunchShape of(int grid, int block) {
        return new LaunchShape(grid, 1, 1, block, 1, 1, 0);
    }
}
