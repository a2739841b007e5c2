package org.moelab.gpu.cuda;

import java.util.List;

/// NVIDIA's shared libraries that the lab can use, by the names under which their versions are installed, newest first.
public enum CudaLibrary {
    DRIVER("CUDA driver", "libcuda.so.1"), //
    NVML("NVML", "libnvidia-ml.so.1"), //
    RUNTIME("CUDA runtime", "libcudart.so.13", "libcudart.so.12"), //
    BLAS("cuBLAS", "libcublas.so.13", "libcublas.so.12"), //
    BLAS_LT("cuBLASLt", "libcublasLt.so.13", "libcublasLt.so.12"), //
    RTC("NVRTC", "libnvrtc.so.13", "libnvrtc.so.12"), //
    CUPTI("CUPTI", "libcupti.so.13", "libcupti.so.12"), //
    NCCL("NCCL", "libnccl.so.2"), //
    NVTX("NVTX", "libnvtx3interop.so.1", "libnvtx3interop.so", "libnvToolsExt.so.1");

    private final String title;
    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> fileNames;

    CudaLibrary(String title, String... fileNames) {
        this.title = title;
        this.fileNames = List.of(fileNames);
    }

    /// The name that people know the library by.
    public String title() {
        return title;
    }

    /// The file names to look for, the preferred one first.
    public List<String> fileNames() {
        return fileNames;
    }
}
