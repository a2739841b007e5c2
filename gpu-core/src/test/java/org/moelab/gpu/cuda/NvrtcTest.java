package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.Nvrtc.Program;
import org.moelab.gpu.host.Host;

/// What compiles runs where NVRTC is installed and is reported as skipped elsewhere; it needs no GPU.
class NvrtcTest {
    private static final String KERNEL = """
            #include "step.cuh"
            extern "C" __global__ void add(float* x) {
                x[blockIdx.x * blockDim.x + threadIdx.x] += kStep;
            }
            """;
    private static final Map<String, String> HEADER = Map.of("step.cuh",
            "#pragma once\n#include \"deeper.cuh\"\n", "deeper.cuh", "constexpr float kStep = 2.0f;\n");

    @Test
    void compile_headersInMemory_givesAnElfWithTheKernel() throws CudaUnavailableException {
        byte[] cubin = nvrtc().compile(new Program("test/add.cu", KERNEL, HEADER, "sm_90a", List.of("-std=c++20")));

        assertThat(cubin).startsWith(0x7F, 'E', 'L', 'F');
        assertThat(new String(cubin, StandardCharsets.ISO_8859_1)).contains(".text.add");
    }

    @Test
    void compile_errorInASource_namesItAndTheLine() throws CudaUnavailableException {
        Nvrtc nvrtc = nvrtc();
        String broken = KERNEL.replace("kStep;", "kStride;");

        assertThatThrownBy(() -> nvrtc.compile(new Program("test/add.cu", broken, HEADER, "sm_90a", List.of())))
                .isInstanceOf(CudaException.class)
                .hasMessage("nvrtcCompileProgram (test/add.cu for sm_90a): NVRTC_ERROR_COMPILATION (6), "
                        + "test/add.cu(3): error: identifier \"kStride\" is undefined");
    }

    @Test
    void compile_headerThatIsNotThere_namesItAndTheLine() throws CudaUnavailableException {
        Nvrtc nvrtc = nvrtc();

        assertThatThrownBy(() -> nvrtc.compile(new Program("a.cu", "\n#include <cuda_bf16.h>\n", Map.of(), "sm_90a",
                List.of()))).isInstanceOf(CudaException.class)
                .hasMessageContaining("a.cu(2): catastrophic error: ")
                .hasMessageContaining("open source file \"cuda_bf16.h\"");
    }

    @Test
    void compile_unknownArchitecture_saysSo() throws CudaUnavailableException {
        Nvrtc nvrtc = nvrtc();

        assertThatThrownBy(() -> nvrtc.compile(new Program("add.cu", KERNEL, HEADER, "sm_10a", List.of())))
                .isInstanceOf(CudaException.class).hasMessageContaining("nvrtc: error: invalid value")
                .hasMessageContaining("add.cu for sm_10a");
    }

    @Test
    void open_notInstalled_saysWhatHelps() {
        assertThatThrownBy(() -> Nvrtc.open(new LibraryFinder(List.of())))
                .isInstanceOf(CudaUnavailableException.class)
                .hasMessage("libnvrtc.so.13 or libnvrtc.so.12 was not found: "
                        + "install the CUDA toolkit, or: pip install nvidia-cuda-nvrtc");
    }

    @Test
    void firstError_warningsBefore_skipsThem() {
        assertThat(Nvrtc.firstError("""
                norm/rms.cu(3): warning #177-D: variable "errors" was declared but never referenced

                    constexpr int errors = 1;
                                  ^

                common/numeric.cuh(12): error: expected a ";"

                norm/rms.cu(20): error: identifier "x" is undefined

                2 errors detected in the compilation of "norm/rms.cu".
                """)).isEqualTo("common/numeric.cuh(12): error: expected a \";\"");
    }

    @Test
    void firstError_noErrorNamed_givesTheFirstLine() {
        assertThat(Nvrtc.firstError("\nptxas fatal   : Unresolved extern function 'f'\n"))
                .isEqualTo("ptxas fatal   : Unresolved extern function 'f'");
        assertThat(Nvrtc.firstError("")).isEmpty();
    }

    private static Nvrtc nvrtc() throws CudaUnavailableException {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        if (finder.find(CudaLibrary.RTC).isEmpty()) {
            abort("NVRTC is not installed: nothing can be compiled here");
        }
        return Nvrtc.open(finder);
    }
}
