package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.capture.Fixture;
import org.moelab.gpu.host.Host;

class CuptiTest {
    @ParameterizedTest
    @ValueSource(ints = { 19, 28, 130_000, 130_001, 130_100 })
    void version_ofCuda12And13_isTaken(int version) {
        assertThatCode(() -> Cupti.requireKnown(version)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = { 18, 100, 120_000, 140_000 })
    void version_ofAnother_isRefusedByNumber(int version) {
        assertThatExceptionOfType(CudaUnavailableException.class).isThrownBy(() -> Cupti.requireKnown(version))
                .withMessageContaining(Integer.toString(version)).withMessageContaining("CUDA 12 or 13");
    }

    @Test
    void open_withoutTheLibrary_saysWhatIsMissing() {
        assumeTrue(LibraryFinder.of(Host.current()).find(CudaLibrary.CUPTI).isEmpty(),
                "CUPTI is installed, and then open for all tests of this process");
        assertThatExceptionOfType(CudaUnavailableException.class)
                .isThrownBy(() -> Cupti.open(LibraryFinder.of(Host.current())))
                .withMessageContaining("libcupti.so.13 is not installed");
    }

    /// Callback ids are those of cupti_driver_cbid.h and cupti_runtime_cbid.h.
    @Test
    void calls_byTheirCallbackIds_areNamedByTheLibrary() throws CudaUnavailableException {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        assumeTrue(finder.find(CudaLibrary.CUPTI).isPresent(), "CUPTI is not installed");
        Cupti cupti = Cupti.open(finder);
        assertThat(cupti.driverCall(307)).isEqualTo("cuLaunchKernel");
        assertThat(cupti.runtimeCall(211)).startsWith("cudaLaunchKernel");
        assertThat(cupti.runtimeCall(1_000_000)).isEqualTo("runtime call 1000000");
    }

    /// The library steps through records without a driver, too.
    @Test
    void records_steppedByTheLibraryItself_areTheFixtures() throws IOException, CudaUnavailableException {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        assumeTrue(finder.find(CudaLibrary.CUPTI).isPresent(), "CUPTI is not installed");
        Cupti cupti = Cupti.open(finder);
        assumeTrue(cupti.version() / 100 == 1300, "the fixture is of CUDA 13.0");
        List<Long> offsets = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = Fixture.memory(13, arena);
            cupti.forEachRecord(memory, record -> offsets.add(record.address() - memory.address()));
            cupti.forEachRecord(memory.asSlice(0, 0), _ -> offsets.add(-1L));
        }
        assertThat(offsets).isEqualTo(Fixture.offsets(13));
        assertThat(Cupti.open(finder)).isSameAs(cupti);
    }
}
