package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.host.Host;

class SoftwarePipelineTest {
    @TempDir
    private Path root = Path.of("");

    @BeforeEach
    void makeLinux() throws IOException {
        Files.createDirectories(root.resolve("proc/self"));
        Files.createDirectories(root.resolve("dev"));
    }

    private boolean lacksGraphics(String display) {
        return SoftwarePipeline.lacksGraphics(new Host(Map.of("DISPLAY", display), root));
    }

    @ParameterizedTest
    @ValueSource(strings = { ":0", ":77.0", "unix:1", "/unix:1" })
    void ownDisplay_withoutDevice_lacksGraphics(String display) {
        assertThat(lacksGraphics(display)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "localhost:10.0", "desk:0", "/tmp/launch/org.xquartz:0" })
    void displayOfAnother_isLeftToJavaFx(String display) {
        assertThat(lacksGraphics(display)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = { "dev/dri", "dev/nvidiactl", "dev/dxg" })
    void device_hasGraphics(String device) throws IOException {
        Files.createDirectories(root.resolve(device));

        assertThat(lacksGraphics(":0")).isFalse();
    }

    @Test
    void otherSystem_isLeftToJavaFx() throws IOException {
        Files.delete(root.resolve("proc/self"));

        assertThat(lacksGraphics(":0")).isFalse();
    }

    @Test
    void noDisplay_isLeftToJavaFx() {
        assertThat(SoftwarePipeline.lacksGraphics(new Host(Map.of(), root))).isFalse();
    }
}
