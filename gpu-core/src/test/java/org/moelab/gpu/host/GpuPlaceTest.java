package org.moelab.gpu.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuPlaceTest {
    private static final String GPU = "0000:1B:00.0";
    private static final CpuSet ALL = CpuSet.parse("0-127");

    @TempDir
    Path root;
    private FakeMachine twoNodes = new FakeMachine(Path.of("/"));

    @BeforeEach
    void makeTwoNodes() throws IOException {
        twoNodes = new FakeMachine(root).file("/sys/devices/system/node/node0/cpulist", "0-31,64-95\n")
                .file("/sys/devices/system/node/node1/cpulist", "32-63,96-127\n")
                .file("/sys/devices/system/node/node2/cpulist", "\n") // memory only
                .file("/sys/bus/pci/devices/0000:1b:00.0/numa_node", "1\n");
    }

    @Test
    void place_whereTheDriverNamesTheNode_isThatNode() {
        assertThat(GpuPlace.of(twoNodes.host(), 0, GPU, ALL))
                .isEqualTo(new GpuPlace.Near(0, CpuSet.parse("0-31,64-95")));
    }

    @Test
    void place_whereTheDriverNamesNone_isTheSystems() {
        assertThat(GpuPlace.of(twoNodes.host(), -1, GPU, ALL))
                .isEqualTo(new GpuPlace.Near(1, CpuSet.parse("32-63,96-127")));
    }

    @Test
    void place_ofAProcessWithFewProcessors_holdsThoseOnly() {
        assertThat(GpuPlace.of(twoNodes.host(), 1, GPU, CpuSet.parse("30-35")))
                .isEqualTo(new GpuPlace.Near(1, CpuSet.parse("32-35")));
    }

    @Test
    void place_whereItMakesNoDifference_saysWhy() throws IOException {
        assertThatPlace(GpuPlace.of(twoNodes.host(), 1, GPU, CpuSet.parse("0-3")),
                "may use no processor of NUMA node 1");
        assertThatPlace(GpuPlace.of(twoNodes.host(), 1, GPU, CpuSet.parse("40-41")), "node 1 only");
        assertThatPlace(GpuPlace.of(twoNodes.host(), -1, "0000:2C:00.0", ALL), "neither the driver nor the system");
        assertThatPlace(GpuPlace.of(twoNodes.host(), 2, GPU, ALL), "neither the driver nor the system");
        twoNodes.file("/sys/bus/pci/devices/0000:1b:00.0/numa_node", "-1\n");
        assertThatPlace(GpuPlace.of(twoNodes.host(), -1, GPU, ALL), "neither the driver nor the system");
    }

    @Test
    void place_onAHostWithOneNodeOrNoneShown_isAnywhere(@TempDir Path empty) throws IOException {
        FakeMachine machine = new FakeMachine(empty);
        assertThatPlace(GpuPlace.of(machine.host(), 0, GPU, ALL), "one NUMA node");
        machine.file("/sys/devices/system/node/node0/cpulist", "0-127\n");
        assertThatPlace(GpuPlace.of(machine.host(), 0, GPU, ALL), "one NUMA node");
    }

    private static void assertThatPlace(GpuPlace place, String why) {
        assertThat(place).asInstanceOf(type(GpuPlace.Anywhere.class)).extracting(GpuPlace.Anywhere::why).asString()
                .contains(why);
    }
}
