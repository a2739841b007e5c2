package org.moelab.gpu.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.host.FakeMachine;

class DoctorTest {
    private static final Doctor.Options LOOK_ONLY = new Doctor.Options(false);

    @TempDir
    Path root;

    @Test
    void examine_machineWithNothing_tellsWhatEachAbsenceCosts() {
        List<Check> checks = examine(new FakeMachine(root));

        assertThat(checks).extracting(Check::id).contains("java", "machine", "driver", "gpu", "nvml", "cublaslt",
                "cublas", "nvrtc",
                "cupti", "nccl", "nvtx", "nsys", "ncu", "display", "pango", "gtk", "xtst");
        for (String id : List.of("driver", "gpu", "nvml", "cublaslt", "nccl", "nsys", "ncu", "pango", "gtk")) {
            Check check = one(checks, id);
            assertThat(check.status()).as(id).isEqualTo(CheckStatus.ABSENT);
            assertThat(check.cost()).as(id).isNotBlank();
            assertThat(check.remedy()).as(id).isNotBlank();
        }
        assertThat(one(checks, "driver").detail()).isEqualTo("libcuda.so.1 was not found: no NVIDIA driver");
        assertThat(one(checks, "pango").remedy()).isEqualTo("apt-get install libpangoft2-1.0-0");
        assertThat(one(checks, "java").status()).isEqualTo(CheckStatus.FOUND);
    }

    @Test
    void examine_damagedDriver_isDegradedWithTheFileNamed() throws IOException {
        List<Check> checks = examine(new FakeMachine(root).file("/usr/lib64/libcuda.so.1", "not a library"));

        assertThat(one(checks, "driver").status()).isEqualTo(CheckStatus.DEGRADED);
        assertThat(one(checks, "driver").detail()).contains("libcuda.so.1 does not load");
        assertThat(one(checks, "gpu").status()).isEqualTo(CheckStatus.ABSENT);
    }

    @Test
    void examine_nsysNamedByVariable_tellsItsVersionAndPath() throws IOException {
        List<Check> checks = examine(new FakeMachine(root)
                .program("/my/nsys", "echo 'NVIDIA Nsight Systems version 2025.3.1.90-253135822126v0'")
                .variable("NSYS", "/my/nsys"));

        assertThat(one(checks, "nsys").status()).isEqualTo(CheckStatus.FOUND);
        assertThat(one(checks, "nsys").detail()).isEqualTo("2025.3.1.90, " + root.resolve("my/nsys"));
    }

    @Test
    void examine_variableThatNamesAFolder_looksInside() throws IOException {
        List<Check> checks = examine(
                new FakeMachine(root).program("/my/tools/ncu", "exit 1").variable("NCU", "/my/tools"));

        assertThat(one(checks, "ncu").detail()).isEqualTo(root.resolve("my/tools/ncu").toString());
    }

    @Test
    void examine_nsysInsideNsightComputeWithoutLibdw_isDegraded() throws IOException {
        String nsys = "/opt/nvidia/nsight-compute/2025.3.1/host/target-linux-x64/nsys";
        List<Check> without = examine(new FakeMachine(root).program(nsys, "exit 1"));
        List<Check> with = examine(new FakeMachine(root).program(nsys, "exit 1")
                .file("/usr/lib64/libdw.so.1", "").file("/usr/lib64/libelf.so.1", ""));

        assertThat(one(without, "nsys").status()).isEqualTo(CheckStatus.DEGRADED);
        assertThat(one(without, "nsys").detail()).contains("without libdw.so.1 and libelf.so.1");
        assertThat(one(without, "nsys").remedy()).isEqualTo("apt-get install libdw1 libelf1");
        assertThat(one(with, "nsys").status()).isEqualTo(CheckStatus.FOUND);
    }

    @Test
    void examine_displaySet_isFoundWhereItsServerIs() throws IOException {
        FakeMachine machine = new FakeMachine(root).variable("DISPLAY", ":7");

        Check without = one(examine(machine), "display");
        Check with = one(examine(machine.file("/proc/net/unix", "33 @/tmp/.X11-unix/X7\n")), "display");

        assertThat(without.status()).isEqualTo(CheckStatus.ABSENT);
        assertThat(without.detail()).isEqualTo("DISPLAY=:7 has no X server");
        assertThat(with.status()).isEqualTo(CheckStatus.FOUND);
        assertThat(with.detail()).isEqualTo("DISPLAY=:7");
    }

    @Test
    void examineDisplay_machineWithNothing_namesThePackagesOfAWindow() {
        Doctor doctor = new Doctor(new FakeMachine(root).host());

        assertThat(doctor.examineDisplay()).extracting(Check::remedy).containsExactly(
                "log in on a desktop, or use ssh -X", "apt-get install libpangoft2-1.0-0",
                "apt-get install libgtk-3-0", "apt-get install libxtst6");
    }

    @Test
    void run_thisMachine_givesTheSameChecksAndNeverFails() {
        List<Check> checks = Doctor.run(LOOK_ONLY);

        assertThat(checks).extracting(Check::id).doesNotHaveDuplicates().contains("java", "driver", "cublaslt", "nsys");
        assertThat(checks).filteredOn(check -> check.status() != CheckStatus.FOUND).allSatisfy(check -> {
            assertThat(check.cost()).isNotBlank();
            assertThat(check.detail()).doesNotContain("\n");
        });
    }

    private static List<Check> examine(FakeMachine machine) {
        return new Doctor(machine.host()).examine(LOOK_ONLY);
    }

    private static Check one(List<Check> checks, String id) {
        return checks.stream().filter(check -> check.id().equals(id)).findFirst().orElseThrow();
    }
}
