package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.kernels.SampleTrace;
import org.moelab.app.theme.Palette;

class RecordingPicturesTest {
    @TempDir
    private Path folder;

    @Test
    void write_trace_givesTimelineAndKernelTimeInEveryFormat() throws IOException {
        List<Path> written = RecordingPictures.write(SampleTrace.decode("decode.sqlite"), Path.of("decode.sqlite"),
                LocalDate.of(2026, 11, 23), Palette.LIGHT, folder);

        assertThat(written).extracting(p -> p.getFileName().toString()).containsExactly("timeline.png",
                "timeline.svg", "timeline.pdf", "kernel-time.png", "kernel-time.svg", "kernel-time.pdf", "advice.png",
                "advice.svg", "advice.pdf");
        assertThat(Files.readString(folder.resolve("kernel-time.svg"))).contains("moe_gate_up_swiglu_mxfp4_sm90",
                "decode.sqlite · Nsight Systems 2025.3.1 · whole recording · 2026-11-23");
        assertThat(Files.readString(folder.resolve("timeline.svg"))).contains("stream 13", "stream 14");
        BufferedImage timeline = ImageIO.read(folder.resolve("timeline.png").toFile());
        assertThat(timeline.getWidth()).isEqualTo(2 * (1600 + 32));
    }
}
