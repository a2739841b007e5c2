package org.moelab.gpu.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;

class KernelChecksTest {
    private static final KernelManifest MANIFEST = new KernelManifest(KernelManifest.VERSION, "", "nvcc 13.0",
            List.of(new Binary("sm_90a", "sm_90a.fatbin", 1, "")), List.of(), List.of());

    @Test
    void check_deviceServed_isFound() {
        Check check = KernelChecks.check(MANIFEST, List.of(device("NVIDIA H200", 9, 0)), false);

        assertThat(check.status()).isEqualTo(CheckStatus.FOUND);
        assertThat(check.detail()).isEqualTo("0 for sm_90a, compiled by nvcc 13.0");
    }

    @Test
    void check_deviceNotServed_isDegradedAndNamesIt() {
        Check check = KernelChecks.check(MANIFEST, List.of(device("NVIDIA H200", 9, 0), device("NVIDIA L4", 8, 9)),
                false);

        assertThat(check.status()).isEqualTo(CheckStatus.DEGRADED);
        assertThat(check.detail()).endsWith("none for NVIDIA L4 (sm_89)");
    }

    @Test
    void check_nothingCompiled_isAbsentWithTheReason() {
        Check check = KernelChecks.check(KernelManifest.none("nvcc was not found"), List.of(), true);

        assertThat(check.status()).isEqualTo(CheckStatus.ABSENT);
        assertThat(check.detail()).isEqualTo("none in this build: nvcc was not found");
        assertThat(check.remedy()).contains("./mvnw package").contains("NVRTC");
    }

    @Test
    void check_nothingCompiledButNvrtcAndSources_isDegradedToWaiting() {
        KernelManifest sourcesOnly = new KernelManifest(KernelManifest.VERSION, "left out", "", List.of(), List.of(),
                List.of("sources/a.cu"));

        assertThat(KernelChecks.check(sourcesOnly, List.of(), false).status()).isEqualTo(CheckStatus.ABSENT);
        assertThat(KernelChecks.check(sourcesOnly, List.of(), true)).satisfies(check -> {
            assertThat(check.status()).isEqualTo(CheckStatus.DEGRADED);
            assertThat(check.cost()).isEqualTo("the first run on a device waits until NVRTC has compiled them");
        });
    }

    @Test
    void check_deviceNotServed_costsDependOnNvrtc() {
        List<CudaDevice> devices = List.of(device("NVIDIA L4", 8, 9));

        assertThat(KernelChecks.check(MANIFEST, devices, true).cost()).contains("waits until NVRTC");
        assertThat(KernelChecks.check(MANIFEST, devices, false).cost()).contains("on the processor only");
        assertThat(KernelChecks.check(MANIFEST, devices, false).remedy()).contains("install NVRTC");
    }

    @Test
    void ceilings_noGpu_saysThatThereIsNothingToMeasure() {
        List<Check> checks = KernelChecks.ceilings(new GpuChecks(List.of(), Optional.empty(), List.of()));

        assertThat(checks).singleElement().satisfies(check -> {
            assertThat(check.status()).isEqualTo(CheckStatus.ABSENT);
            assertThat(check.cost()).isNotBlank();
        });
    }

    private static CudaDevice device(String name, int major, int minor) {
        return new CudaDevice(0, name, "0000:00:00.0", new ComputeCapability(major, minor), 1L << 37, 132, 1 << 26,
                1 << 17, 1_980_000, 0, 0, -1, true);
    }
}
