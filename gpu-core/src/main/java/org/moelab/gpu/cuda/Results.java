package org.moelab.gpu.cuda;

import org.jspecify.annotations.Nullable;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// The status that every call of the driver returns.
final class Results {
    private Results() {
    }

    /// @throws CudaException where a call did not succeed
    static void check(String call, int result) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw failure(call, result);
        }
    }

    /// What a failed call is reported as. The driver describes its own newer errors, which JCuda cannot name.
    static CudaException failure(String call, int result) {
        String[] name = { "" };
        String[] meaning = { "" };
        JCudaDriver.cuGetErrorName(result, name);
        JCudaDriver.cuGetErrorString(result, meaning);
        return new CudaException(call, result, text(name[0], CUresult.stringFor(result)), text(meaning[0], ""));
    }

    private static String text(@Nullable String said, String otherwise) {
        return said == null || said.isEmpty() ? otherwise : said;
    }
}
