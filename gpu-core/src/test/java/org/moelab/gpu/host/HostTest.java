package org.moelab.gpu.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
    @TempDir
    Path root;

    @Test
    void matching_severalVersions_givesTheLastNameFirst() throws IOException {
        Host host = new FakeMachine(root).file("/opt/tool/2024.1/run", "").file("/opt/tool/2025.3/run", "")
                .file("/opt/tool/2023.4/other", "").host();

        assertThat(host.matching("/opt/tool/*/run")).containsExactly(root.resolve("opt/tool/2025.3/run"),
                root.resolve("opt/tool/2024.1/run"));
    }

    @Test
    void matching_missingFolder_givesNothing() {
        assertThat(new FakeMachine(root).host().matching("/opt/*/run")).isEmpty();
    }

    @Test
    void program_fileThatMayNotRun_isPassedOver() throws IOException {
        Host host = new FakeMachine(root).file("/first/nsys", "text").program("/second/nsys", "exit 0")
                .variable("PATH", "/first:/missing::/second").host();

        assertThat(host.program("nsys")).contains(root.resolve("second/nsys"));
    }

    @Test
    void variable_blankValue_isAbsent() {
        assertThat(new FakeMachine(root).variable("NSYS", " ").host().variable("NSYS")).isEmpty();
    }
}
