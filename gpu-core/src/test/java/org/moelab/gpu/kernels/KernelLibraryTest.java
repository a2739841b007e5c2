package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;

class KernelLibraryTest {
    private static final KernelManifest MANIFEST = new KernelManifest(KernelManifest.VERSION, "", "nvcc 13.0",
            List.of(new Binary("sm_90a", "sm_90a.fatbin", 1, ""), new Binary("sm_100a", "sm_100a.fatbin", 1, "")),
            List.of(), List.of());

    @Test
    void choose_hopperAndBlackwell_giveTheirOwnBinaries() throws CudaUnavailableException {
        assertThat(KernelLibrary.choose(MANIFEST, new ComputeCapability(9, 0)).architecture()).isEqualTo("sm_90a");
        assertThat(KernelLibrary.choose(MANIFEST, new ComputeCapability(10, 0)).architecture()).isEqualTo("sm_100a");
    }

    @Test
    void choose_otherDevice_namesWhatThereIs() {
        assertThatThrownBy(() -> KernelLibrary.choose(MANIFEST, new ComputeCapability(8, 6)))
                .isInstanceOf(CudaUnavailableException.class)
                .hasMessage("this build has no kernels for sm_86, only for sm_90a and sm_100a");
    }

    @Test
    void choose_nothingCompiled_saysWhy() {
        assertThatThrownBy(
                () -> KernelLibrary.choose(KernelManifest.none("nvcc was not found"), new ComputeCapability(9, 0)))
                .isInstanceOf(CudaUnavailableException.class)
                .hasMessage("this build holds no compiled kernels: nvcc was not found");
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
