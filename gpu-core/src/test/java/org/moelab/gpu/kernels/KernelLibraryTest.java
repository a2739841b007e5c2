package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.Variant;

class KernelLibraryTest {
    private static final KernelManifest MANIFEST = new KernelManifest(KernelManifest.VERSION, "", "nvcc 13.0",
            List.of(new Binary("sm_90a", "sm_90a.fatbin", 1, ""), new Binary("sm_100a", "sm_100a.fatbin", 1, "")),
            List.of(new Kernel("gemv", "gemm", "sources/gemm/gemv.cu", "Multiplies.", List.of("decode-gemv"),
                    List.of("fusion", "ilp", "vectorised-loads"), List.of("fusion"),
                    List.of("hidden"), "0", "0", "bytes", 0, 0, List.of())),
            List.of());

    @Test
    void lacking_otherDevice_namesWhatThereIs() {
        assertThat(KernelLibrary.lacking(MANIFEST, new ComputeCapability(8, 6)))
                .isEqualTo("this build has no kernels for sm_86, only for sm_90a and sm_100a");
    }

    @Test
    void lacking_nothingCompiled_saysWhy() {
        assertThat(KernelLibrary.lacking(KernelManifest.none("nvcc was not found"), new ComputeCapability(9, 0)))
                .isEqualTo("this build holds no compiled kernels (nvcc was not found)");
    }

    @Test
    void name_techniquesOff_isThatOfTheVariant() {
        assertThat(KernelLibrary.name(MANIFEST, "gemv", Set.of("ilp", "vectorised-loads"))).isEqualTo("gemv");
        assertThat(KernelLibrary.name(MANIFEST, "gemv", Set.of("ilp"))).isEqualTo("gemv__without_vectorised_loads");
        assertThat(KernelLibrary.name(MANIFEST, "gemv", Set.of()))
                .isEqualTo("gemv__without_ilp_vectorised_loads");
        assertThat(KernelLibrary.name(MANIFEST, "gemv", Set.of("ilp", "vectorised-loads", "fusion")))
                .isEqualTo("gemv__with_fusion");
        assertThat(KernelLibrary.name(MANIFEST, "rope", Set.of())).isEqualTo("rope");
    }

    @Test
    void variant_withGeneratedKernels_isForTheSizesThatTheKernelTakes() {
        Set<String> on = Set.of("ilp", "vectorised-loads", KernelLibrary.GENERATED);
        Map<String, Integer> sizes = Map.of("hidden", 2880, "chosen", 4);
        assertThat(KernelLibrary.variant(MANIFEST, "gemv", on, sizes).nameOf("gemv"))
                .isEqualTo("gemv__for_hidden_2880");
        assertThat(KernelLibrary.variant(MANIFEST, "gemv", Set.of("ilp", "vectorised-loads"), sizes).full()).isTrue();
        assertThat(KernelLibrary.variant(MANIFEST, "rope", on, sizes).full()).isTrue();
    }

    @Test
    void cannotCompile_withoutNvrtc_saysWhatIsMissingInOneLine() {
        CudaException failure = new CudaException(
                KernelLibrary.cannotCompile("gemm/gemv.cu", Variant.without(List.of("ilp"))),
                new CudaUnavailableException("libnvrtc.so.13 was not found"));

        assertThat(failure).hasMessage(
                "gemm/gemv.cu without ilp can be had only where NVRTC compiles it again: libnvrtc.so.13 was not found");
    }

    @Test
    void load_kernelsOnTheClassPath_eachBinaryIsWhole() throws IOException {
        KernelManifest manifest = KernelManifest.load();

        if (manifest.binaries().isEmpty()) {
            assertThat(manifest.absent()).isNotBlank();
        }
        for (Binary binary : manifest.binaries()) {
            assertThat(manifest.image(binary)).hasSize(Math.toIntExact(binary.bytes()));
        }
    }
}
