package org.moelab.gpu.cuda;

import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/// Compiled kernels, loaded onto a device.
public final class CudaModule implements AutoCloseable {
    private final CudaContext context;
    private final String name;
    private final CUmodule handle = new CUmodule();

    CudaModule(CudaContext context, String name, byte[] image) {
        this.context = context;
        this.name = name;
        Results.check("cuModuleLoadData (" + name + ")", JCudaDriver.cuModuleLoadData(handle, image));
    }

    /// A kernel by the name under which it was compiled; C++ names are mangled unless declared `extern "C"`.
    ///
    /// @throws CudaException where the module has no such kernel
    public CudaFunction function(String kernel) {
        Handles.Function function = new Handles.Function();
        Results.check("cuModuleGetFunction (" + kernel + " in " + name + ")",
                JCudaDriver.cuModuleGetFunction(function, handle, kernel));
        return new CudaFunction(context, kernel, function);
    }

    @Override
    public void close() {
        Results.check("cuModuleUnload (" + name + ")", JCudaDriver.cuModuleUnload(handle));
    }
}
