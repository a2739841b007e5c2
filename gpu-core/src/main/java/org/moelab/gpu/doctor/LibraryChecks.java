package org.moelab.gpu.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.InstalledLibrary;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.LibraryVersions;

/// NVIDIA's shared libraries, each with its path and version.
final class LibraryChecks {
    private LibraryChecks() {
    }

    static List<Check> all(LibraryFinder finder) {
        return Stream.of(CudaLibrary.values()).filter(library -> library != CudaLibrary.DRIVER)
                .map(library -> check(library, finder)).toList();
    }

    private static Check check(CudaLibrary library, LibraryFinder finder) {
        String id = library.title().toLowerCase(Locale.ROOT).replace(' ', '-');
        Optional<InstalledLibrary> found = LibraryVersions.look(library, finder);
        if (found.isEmpty()) {
            return Check.absent(id, library.title(),
                    String.join(" or ", library.fileNames()) + " not found in " + finder.folders().size() + " folders",
                    cost(library), remedy(library));
        }
        InstalledLibrary installed = found.get();
        return installed.usable()
                ? Check.found(id, library.title(), installed.version() + ", " + installed.file())
                : Check.degraded(id, library.title(),
                        installed.version() + ", " + installed.file() + ": " + installed.problem(), cost(library),
                        remedy(library));
    }

    private static String cost(CudaLibrary library) {
        return switch (library) {
            case DRIVER -> "no model runs on a GPU";
            case NVML -> "no clocks, power or energy beside the measurements";
            case RUNTIME -> "CUDA's own libraries that need it do not load";
            case BLAS -> "experts are not multiplied in batches (technique kernel-design); products through cuBLASLt "
                    + "are not affected";
            case BLAS_LT -> "the baseline's products, which go through cuBLASLt, are not available";
            case RTC ->
                "techniques inside a kernel cannot be left out one by one, and kernels that this build lacks cannot "
                        + "be compiled at first use";
            case CUPTI -> "runs are timed by events only: no timeline of their kernels is captured";
            case NCCL -> "models run on one GPU only";
            case NVTX -> "ranges are not marked for Nsight Systems (technique nvtx)";
        };
    }

    private static String remedy(CudaLibrary library) {
        return switch (library) {
            case DRIVER, NVML -> "it comes with NVIDIA's driver";
            case RUNTIME -> "install the CUDA toolkit, or: pip install nvidia-cuda-runtime";
            case BLAS, BLAS_LT -> "install the CUDA toolkit, or: pip install nvidia-cublas";
            case RTC -> "install the CUDA toolkit, or: pip install nvidia-cuda-nvrtc";
            case CUPTI -> "install the CUDA toolkit, or: pip install nvidia-cuda-cupti";
            case NCCL -> "apt-get install libnccl2 from NVIDIA's repository, or: pip install nvidia-nccl-cu13";
            case NVTX -> "install the CUDA toolkit, or: pip install nvidia-nvtx";
        };
    }
}
