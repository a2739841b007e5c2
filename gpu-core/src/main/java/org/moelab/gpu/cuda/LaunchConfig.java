package org.moelab.gpu.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How a kernel is launched with attributes: the structures `CUlaunchConfig` and `CUlaunchAttribute` of cuda.h, laid out in
/// native memory and filled in anew for each launch.
final class LaunchConfig {
    private static final long CONFIG_BYTES = 56;
    private static final long STREAM_OFFSET = 32;
    private static final long ATTRIBUTES_OFFSET = 40;
    private static final long COUNT_OFFSET = 48;
    private static final long ATTRIBUTE_BYTES = 72;
    private static final long VALUE_OFFSET = 8;
    private static final int MOST_ATTRIBUTES = 3;
    /// `CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION`, whose value is three sizes.
    private static final int CLUSTER_DIMENSION = 4;
    /// `CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION`, whose value is 0 or 1.
    private static final int PROGRAMMATIC_SERIALIZATION = 6;
    /// `CU_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT`, whose value is a share in per cent.
    private static final int SHARED_MEMORY_CARVEOUT = 14;
    private static final int ALL = 100;

    private final MemorySegment config = Arena.ofAuto().allocate(CONFIG_BYTES, Long.BYTES);
    private final MemorySegment attributes = Arena.ofAuto().allocate(MOST_ATTRIBUTES * ATTRIBUTE_BYTES, Long.BYTES);

    /// The structure for a launch, valid until the next one.
    ///
    /// @param early whether the kernel begins before the one ahead of it has ended
    MemorySegment of(LaunchShape shape, boolean early, CudaStream stream) {
        // grid, block and bytes of shared memory follow each other
        int[] sizes = { shape.gridX(), shape.gridY(), shape.gridZ(), shape.blockX(), shape.blockY(), shape.blockZ(),
                shape.dynamicSharedBytes() };
        for (int i = 0; i < sizes.length; i++) {
            config.setAtIndex(ValueLayout.JAVA_INT, i, sizes[i]);
        }
        config.set(ValueLayout.ADDRESS, STREAM_OFFSET, stream.segment());
        config.set(ValueLayout.ADDRESS, ATTRIBUTES_OFFSET, attributes);
        int count = 0;
        if (shape.clusterX() > 1) {
            attribute(count++, CLUSTER_DIMENSION, shape.clusterX(), 1, 1);
        }
        if (early) {
            attribute(count++, PROGRAMMATIC_SERIALIZATION, 1);
            // blocks of kernels that divide a multiprocessor's memory otherwise into cache and shared memory cannot be on it
            // at once, so that one would not begin before the other's last has ended
            attribute(count++, SHARED_MEMORY_CARVEOUT, ALL);
        }
        config.set(ValueLayout.JAVA_INT, COUNT_OFFSET, count);
        return config;
    }

    private void attribute(int index, int id, int... values) {
        MemorySegment attribute = attributes.asSlice(index * ATTRIBUTE_BYTES, ATTRIBUTE_BYTES);
        attribute.set(ValueLayout.JAVA_INT, 0, id);
        for (int i = 0; i < values.length; i++) {
            attribute.set(ValueLayout.JAVA_INT, VALUE_OFFSET + (long) i * Integer.BYTES, values[i]);
        }
    }
}
