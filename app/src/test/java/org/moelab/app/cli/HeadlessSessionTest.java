package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.run.KeptRun;
import org.moelab.gpu.doctor.Check;
import org.moelab.gpu.doctor.CheckStatus;

final class HeadlessSessionTest {
    private static final Path PYTORCH = Path.of("../traces/src/test/resources/h200/gptoss2L_pytorch.json.gz");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void write_traceAndDamagedFile_writesReportsAndPicturesOfTheOneAndNamesTheOther() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged.json"), "{");
        Path output = folder.resolve("out");

        boolean all = new HeadlessSession(Terminal.to(out, err), output).write(List.of(damaged, PYTORCH));

        assertThat(all).isFalse();
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).singleElement().asString()
                .startsWith("moelab: " + damaged + ": ");
        assertThat(Run.filesIn(output)).contains("gptoss2L_pytorch/gpu_kernels.csv",
                "gptoss2L_pytorch/cuda_gpu_kern_sum.csv", "gptoss2L_pytorch/timeline.svg",
                "gptoss2L_pytorch/timeline.pdf", "gptoss2L_pytorch/kernel-time.png")
                .doesNotContain("gptoss2L_pytorch/ncu_kernels.csv");
        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceFirst("  .*", "")))
                .containsExactlyInAnyOrderElementsOf(
                        Run.filesIn(output).stream().map(f -> output.resolve(f).toString()).toList());
        BufferedImage timeline = ImageIO.read(output.resolve("gptoss2L_pytorch/timeline.png").toFile());
        int[] pixels = timeline.getRGB(0, 0, timeline.getWidth(), timeline.getHeight(), null, 0, timeline.getWidth());
        assertThat(Arrays.stream(pixels).distinct().count()).as("colours").isGreaterThan(20);
    }

    @Test
    void write_runDirectory_writesEveryPageAndTheLayersAgainstEachOther() throws IOException {
        Path output = folder.resolve("out");

        assertThat(new HeadlessSession(Terminal.to(out, err), output).write(List.of(KeptRun.FOLDER))).isTrue();

        assertThat(Run.filesIn(output)).contains("h200-gpt-oss-20b/layers-decode.svg",
                "h200-gpt-oss-20b/inference-prefill.pdf", "h200-gpt-oss-20b/inference-decode.csv",
                "h200-gpt-oss-20b/inference-kv-cache.csv", "h200-gpt-oss-20b/inference-times.csv",
                "h200-gpt-oss-20b/compare.png", "h200-gpt-oss-20b/compare.csv")
                .doesNotContain("h200-gpt-oss-20b/inference-experts-decode.csv");
        assertThat(Files.readString(output.resolve("h200-gpt-oss-20b/compare.svg")))
                .contains("From layer 4 to layer 6");
    }

    @Test
    void write_sameNameTwice_givesEachAFolder() throws IOException {
        Path copy = Files.copy(PYTORCH, folder.resolve("gptoss2L_pytorch.json.gz"));
        Path output = folder.resolve("out");

        assertThat(new HeadlessSession(Terminal.to(out, err), output).write(List.of(PYTORCH, copy))).isTrue();

        assertThat(Run.filesIn(output)).contains("gptoss2L_pytorch/gpu_kernels.csv",
                "gptoss2L_pytorch-2/gpu_kernels.csv");
    }

    @Test
    void obstacle_librariesMissing_namesOneCommandForAll() {
        assertThat(GuiCommand.obstacle(List.of(
                new Check("display", "Display", CheckStatus.FOUND, "DISPLAY=:0", "", "", List.of()),
                absent("gtk", "libgtk-3.so.0 not found", "apt-get install libgtk-3-0"),
                absent("xtst", "libXtst.so.6 not found", "apt-get install libxtst6"))))
                .contains("libgtk-3.so.0 not found, libXtst.so.6 not found (apt-get install libgtk-3-0 libxtst6)");
    }

    @Test
    void obstacle_noDisplay_saysOnlyThat() {
        assertThat(GuiCommand.obstacle(List.of(
                absent("display", "DISPLAY is not set", "log in on a desktop"),
                absent("gtk", "libgtk-3.so.0 not found", "apt-get install libgtk-3-0"))))
                .contains("DISPLAY is not set");
    }

    @Test
    void obstacle_allThere_isNone() {
        assertThat(GuiCommand.obstacle(List.of(
                new Check("gtk", "GTK", CheckStatus.FOUND, "/usr/lib/libgtk-3.so.0", "", "", List.of())))).isEmpty();
    }

    private static Check absent(String id, String detail, String remedy) {
        return new Check(id, id, CheckStatus.ABSENT, detail, "no window", remedy, List.of());
    }
}
