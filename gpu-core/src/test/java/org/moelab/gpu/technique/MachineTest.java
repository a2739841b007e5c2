package org.moelab.gpu.technique;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.host.CpuSet;
import org.moelab.gpu.host.GpuPlace;

class MachineTest {
    private static final Set<CudaLibrary> ALL = EnumSet.allOf(CudaLibrary.class);
    private static final GpuPlace NEAR = new GpuPlace.Near(0, CpuSet.parse("0-7"));
    private final Catalogue catalogue = Catalogue.load();

    @Test
    void techniques_thatAreDone_lackNothingOnAFullHopperMachine() {
        Machine machine = new Machine(device(9, 0, 1 << 25), NEAR, ALL);
        assertThat(catalogue.techniques()).filteredOn(Technique::isSwitch)
                .allSatisfy(t -> assertThat(machine.lacks(t)).as(t.id()).isEmpty());
    }

    @Test
    void techniques_withoutTheirLibrary_nameIt() {
        Machine machine = new Machine(device(9, 0, 1 << 25), NEAR, Set.of());
        assertThat(lacks(machine, "nvtx").orElseThrow()).contains("libnvtx3interop.so.1");
        assertThat(lacks(machine, "generated-kernels").orElseThrow()).contains("libnvrtc.so");
        assertThat(lacks(machine, "paged-attention").orElseThrow()).contains("libnvrtc.so");
        assertThat(lacks(machine, "fused-groups").orElseThrow()).contains("libnvrtc.so");
        assertThat(lacks(machine, "kernel-design").orElseThrow()).contains("libcublas.so.13 or libcublas.so.12");
    }

    @Test
    void binding_whereProcessorsAreEqual_saysWhy() {
        Machine machine = new Machine(device(9, 0, 1 << 25), new GpuPlace.Anywhere("the host has one NUMA node"), ALL);
        assertThat(lacks(machine, "numa-binding")).contains("the host has one NUMA node");
    }

    @Test
    void persistence_onAGpuThatSetsNoCacheAside_namesTheGpu() {
        assertThat(lacks(new Machine(device(9, 0, 0), NEAR, ALL), "l2-persistence").orElseThrow())
                .startsWith("NVIDIA Test");
    }

    @Test
    void orderedAllocation_onAGpuWithoutPools_namesTheGpu() {
        assertThat(lacks(new Machine(device(9, 0, 1 << 25, false), NEAR, ALL), "stream-ordered-allocation"))
                .contains("NVIDIA Test has no pools of memory");
    }

    @Test
    void techniques_ofALaterGeneration_nameTheOneThatIsThere() {
        Machine hopper = new Machine(device(9, 0, 1 << 25), NEAR, ALL);
        Machine blackwell = new Machine(device(10, 0, 1 << 25), NEAR, ALL);
        assertThat(lacks(hopper, "tmem").orElseThrow()).contains("compute capability 9.0");
        assertThat(lacks(blackwell, "tmem")).isEmpty();
    }

    private Optional<String> lacks(Machine machine, String id) {
        return machine.lacks(catalogue.techniques().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow());
    }

    private static CudaDevice device(int major, int minor, int persistingBytes) {
        return device(major, minor, persistingBytes, true);
    }

    private static CudaDevice device(int major, int minor, int persistingBytes, boolean memoryPools) {
        return new CudaDevice(0, "NVIDIA Test", "0000:1B:00.0", new ComputeCapability(major, minor), 1L << 37, 132,
                50 << 20, 1 << 17, 1_980_000, persistingBytes, 1 << 27, 0, memoryPools);
    }
}
