package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.MemoryUse;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;

class RunFileTest {
    private static final Spread SPREAD = new Spread(3, 1, 2, 3, 3, 3, 2);
    private static final PhaseCost COST = new PhaseCost("analytic", 512,
            List.of(new OperationCost("attention/qkv", "dense matmul", "gemv_bf16_out_t1", List.of("decode-gemv"), 24,
                    700_000_000L, 1_400_000_000L)));
    private static final RunReport REPORT = new RunReport(RunReport.VERSION,
            new RunReport.Asked("m", List.of("baseline", "2"), 1, 512, 128, 3, "cuda"),
            new RunReport.Machine("Linux 6", "amd64", 16, "a GPU",
                    Optional.of(new RunReport.Gpu("a GPU", "9.0", 1L << 37, 132, 1 << 25, 1_980_000))),
            new RunReport.Versions("0.1", "25", Optional.of("13.0"), Optional.of("13.0.2")),
            new RunReport.Model("m", 24, 32, 4, 2880, 2880, 201_088, 64, 8, 64), 12.5,
            List.of(new LayerResult("baseline", List.of(), 512, SPREAD, Optional.empty(), Optional.empty(), 100,
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                    List.of()),
                    new LayerResult("2", List.of("decode-gemv"), 512, SPREAD, Optional.of(SPREAD), Optional.of(SPREAD),
                            100, Optional.of(250.0), Optional.of(33.5),
                            Optional.of(new Check("CPU reference", "tiny", 3, 17, 0.01, 0.011)), Optional.of(COST),
                            Optional.of(COST), List.of(new MemoryUse("weights", 1L << 35)))));

    @TempDir
    Path folder;

    @Test
    void report_writtenAndReadBack_isTheSame() throws IOException {
        RunFile.write(folder, REPORT);
        assertThat(RunFile.read(folder)).isEqualTo(REPORT);
        assertThat(folder).isDirectoryContaining("glob:**/run.json").isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void report_withFieldsThatAreNotKnown_isReadAllTheSame() throws IOException {
        RunFile.write(folder, REPORT);
        replace("\"version\" : 1,", "\"version\" : 1, \"weather\" : { \"sky\" : \"clear\" },");
        assertThat(RunFile.read(folder)).isEqualTo(REPORT);
    }

    @Test
    void report_ofANewerForm_isRefusedByName() throws IOException {
        RunFile.write(folder, REPORT);
        replace("\"version\" : 1", "\"version\" : 2");
        assertThatIOException().isThrownBy(() -> RunFile.read(folder))
                .withMessageContaining(folder.resolve("run.json").toString()).withMessageContaining("newer build");
    }

    @Test
    void report_cutShort_isRefusedByName() throws IOException {
        RunFile.write(folder, REPORT);
        Files.writeString(folder.resolve("run.json"), "{ \"version\" : 1, \"layers\" : [");
        assertThatIOException().isThrownBy(() -> RunFile.read(folder))
                .withMessageContaining(folder.resolve("run.json").toString());
    }

    private void replace(String from, String to) throws IOException {
        Path file = folder.resolve("run.json");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }
}
