package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.host.FakeMachine;

class LibraryFinderTest {
    @TempDir
    Path root;

    @Test
    void find_bothMajorVersions_prefersTheNewerWhereverItLies() throws IOException {
        LibraryFinder finder = LibraryFinder.of(new FakeMachine(root).file("/first/libcublasLt.so.12", "")
                .file("/usr/local/cuda-13.0/lib64/libcublasLt.so.13", "").variable("LD_LIBRARY_PATH", "/first").host());

        assertThat(finder.find(CudaLibrary.BLAS_LT))
                .contains(root.resolve("usr/local/cuda-13.0/lib64/libcublasLt.so.13"));
    }

    @Test
    void find_libraryPathAndToolkit_prefersTheLibraryPath() throws IOException {
        LibraryFinder finder = LibraryFinder.of(new FakeMachine(root).file("/mine/libcupti.so.13", "")
                .file("/home/cuda/extras/CUPTI/lib64/libcupti.so.13", "").variable("CUDA_HOME", "/home/cuda")
                .variable("LD_LIBRARY_PATH", "/mine").host());

        assertThat(finder.find(CudaLibrary.CUPTI)).contains(root.resolve("mine/libcupti.so.13"));
    }

    @Test
    void find_onlyInPythonsPackages_findsItBesideThePythonOnThePath() throws IOException {
        LibraryFinder finder = LibraryFinder.of(new FakeMachine(root).program("/opt/venv/bin/python3", "exit 0")
                .file("/opt/venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13", "")
                .variable("PATH", "/opt/venv/bin").host());

        assertThat(finder.find(CudaLibrary.RTC))
                .contains(root.resolve("opt/venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13"));
    }

    @Test
    void find_folderNamedInTheLoadersConfiguration_looksThere() throws IOException {
        LibraryFinder finder = LibraryFinder.of(new FakeMachine(root)
                .file("/etc/ld.so.conf.d/nvidia.conf", "# NVIDIA\n/opt/driver/lib\n")
                .file("/opt/driver/lib/libcuda.so.1", "").host());

        assertThat(finder.find(CudaLibrary.DRIVER)).contains(root.resolve("opt/driver/lib/libcuda.so.1"));
    }

    @Test
    void find_emptyMachine_findsNothing() {
        LibraryFinder finder = LibraryFinder.of(new FakeMachine(root).host());

        assertThat(CudaLibrary.values()).allSatisfy(library -> assertThat(finder.find(library)).isEmpty());
    }
}
