package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.host.FakeMachine;

class LibraryVersionsTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({ "13000, 13.0", "13020, 13.2", "12080, 12.8", "9020, 9.2" })
    void unpack_packedCudaVersion_givesMajorAndMinor(int packed, String version) {
        assertThat(LibraryVersions.unpack(packed)).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({ "22809, 2.28.9", "21903, 2.19.3", "2807, 2.8.7" })
    void unpackNccl_bothPackings_giveMajorMinorPatch(int packed, String version) {
        assertThat(LibraryVersions.unpackNccl(packed)).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({ "libcupti.so.2025.3.1, 2025.3.1", "libnccl.so.2, 2", "libnvtx3interop.so, unknown" })
    void versionInName_fileName_givesWhatFollowsSo(String file, String version) {
        assertThat(LibraryVersions.versionInName(Path.of("/lib", file))).isEqualTo(version);
    }

    @Test
    void look_fileThatIsNoLibrary_saysThatItDoesNotLoad() throws IOException {
        LibraryFinder finder = LibraryFinder
                .of(new FakeMachine(root).file("/usr/lib64/libnccl.so.2", "not a library").host());

        assertThat(LibraryVersions.look(CudaLibrary.NCCL, finder)).hasValueSatisfying(installed -> {
            assertThat(installed.usable()).isFalse();
            assertThat(installed.problem()).contains("libnccl.so.2 does not load");
        });
    }

    @Test
    void open_machineWithoutADriver_saysWhatIsMissing() {
        LibraryFinder finder = LibraryFinder.of(new FakeMachine(root).host());

        assertThatThrownBy(() -> CudaDriver.open(finder)).isInstanceOf(CudaUnavailableException.class)
                .hasMessage("libcuda.so.1 was not found: no NVIDIA driver");
    }
}
