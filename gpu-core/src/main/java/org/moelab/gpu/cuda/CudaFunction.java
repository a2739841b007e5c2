package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/// One kernel, ready to launch. One thread at a time.
public final class CudaFunction {
    private final CudaContext context;
    private final String name;
    private final Handles.Function handle;
    private final MemorySegment segment;
    private final boolean early;
    private final LaunchConfig config = new LaunchConfig();

    CudaFunction(CudaContext context, String name, Handles.Function handle) {
        this(context, name, handle, false);
    }

    private CudaFunction(CudaContext context, String name, Handles.Function handle, boolean early) {
        this.context = context;
        this.name = name;
        this.handle = handle;
        this.segment = handle.segment();
        this.early = early;
    }

    /// The same kernel, which begins before the one ahead of it in its stream has ended (programmatic dependent launch), and
    /// waits by itself for what that one writes. Only for kernels that do.
    public CudaFunction beginningEarly() {
        return new CudaFunction(context, name, handle, true);
    }

    /// Whether it begins before the one ahead of it has ended.
    public boolean beginsEarly() {
        return early;
    }

    /// The kernel's name.
    public String name() {
        return name;
    }

    /// Puts a launch into a stream. The parameters are read before the call returns.
    public void launch(LaunchShape shape, ParameterBlock parameters, CudaStream stream) {
        if (early || shape.clusterX() > 1) {
            Results.check("cuLaunchKernelEx (" + name + ", " + shape + ")", context.calls().launchKernelEx()
                    .call(config.of(shape, early, stream), segment, parameters.pointers(), MemorySegment.NULL));
            return;
        }
        int result = context.calls().launchKernel().call(segment, shape.gridX(), shape.gridY(), shape.gridZ(),
                shape.blockX(), shape.blockY(), shape.blockZ(), shape.dynamicSharedBytes(), stream.segment(),
                parameters.pointers(), MemorySegment.NULL);
        if (result != 0) {
            throw Results.failure("cuLaunchKernel (" + name + ", " + shape + ")", result);
        }
    }

    /// Registers that each thread uses on this device.
    public int registers() {
        return attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_NUM_REGS);
    }

    /// Local memory of each thread in bytes: what did not fit into registers.
    public int localBytes() {
        return attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES);
    }

    /// The most threads that a block of this kernel can have on this device.
    public int maxThreadsPerBlock() {
        return attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
    }

    /// Blocks of this kernel that one multiprocessor holds at once.
    public int residentBlocks(int threadsPerBlock, int dynamicSharedBytes) {
        int[] blocks = new int[1];
        Results.check("cuOccupancyMaxActiveBlocksPerMultiprocessor (" + name + ")", JCudaDriver
                .cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, handle, threadsPerBlock, dynamicSharedBytes));
        return blocks[0];
    }

    /// Allows launches with so much dynamic shared memory; above 48 KiB a kernel gets none without this.
    public void allowDynamicSharedBytes(int bytes) {
        Results.check("cuFuncSetAttribute (" + name + ", " + bytes + " bytes of shared memory)", JCudaDriver
                .cuFuncSetAttribute(handle, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                        bytes));
    }

    private int attribute(int which) {
        int[] value = new int[1];
        Results.check("cuFuncGetAttribute (" + name + ")", JCudaDriver.cuFuncGetAttribute(value, which, handle));
        return value[0];
    }
}
