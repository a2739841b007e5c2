package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/// One kernel, ready to launch.
public final class CudaFunction {
    private final CudaContext context;
    private final String name;
    private final Handles.Function handle;
    private final MemorySegment segment;

    CudaFunction(CudaContext context, String name, Handles.Function handle) {
        this.context = context;
        this.name = name;
        this.handle = handle;
        this.segment = handle.segment();
    }

    /// The kernel's name.
    public String name() {
        return name;
    }

    /// Puts a launch into a stream. The parameters are read before the call returns.
    public void launch(LaunchShape shape, ParameterBlock parameters, CudaStream stream) {
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
