package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.DeviceUse;
import org.moelab.gpu.bench.RunReport.GpuState;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.MemoryUse;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.gpu.bench.RunReport.Timeline;
import org.moelab.gpu.engine.TunedChoice;

class RunFileTest {
    private static final Spread SPREAD = new Spread(3, 1, 2, 3, 3, 3, 2);
    private static final PhaseCost COST = new PhaseCost("analytic", 512, 8,
            Optional.of(new DeviceUse(1600, 9000.5, 8000.25, 1000.25, 12.5)),
            List.of(new OperationCost("attention/qkv", "dense matmul", "gemv_bf16_out_t1", List.of("decode-gemv"), 24,
                    700_000_000L, 1_400_000_000L, Optional.of(192L), Optional.of(210.75))));
    private static final GpuState FOUND = new GpuState(Optional.of("580.1"), Optional.of(345L), Optional.of(1980L),
            Optional.of(3201L), Optional.of(75_000L), Optional.of(700_000L), Optional.empty());
    private static final RunReport BEGUN = RunReport.begun("2026-01-31T12:00:00+01:00",
            new RunReport.Asked("m", List.of("baseline", "2"), 1, 512, 128, 3, "cuda", Optional.of("minimal")),
            new RunReport.Machine("Linux 6", "amd64", 16, "a GPU",
                    Optional.of(new RunReport.Gpu("a GPU", "9.0", 1L << 37, 132, 1 << 25, 1_980_000,
                            Optional.of(FOUND)))),
            new RunReport.Versions("0.1", "25", Optional.of("13.0"), Optional.of("13.0.2"), Optional.of("8daf9bf"),
                    Optional.of("130001")),
            new RunReport.Model("m", 24, 32, 4, 2880, 2880, 201_088, 64, 8, 64), 12.5);
    private static final RunReport REPORT = new RunReport(RunReport.VERSION, true, BEGUN.started(),
            Optional.of("2026-01-31T12:05:00+01:00"), BEGUN.asked(), BEGUN.machine(), BEGUN.versions(), BEGUN.model(),
            BEGUN.loadSeconds(), Optional.of(14.25),
            Optional.of(new DeviceCeilings(4e12, 4.5e12, 6e13, Optional.of(8e14), 1L << 31)),
            List.of(new LayerResult("baseline", List.of(), 512, SPREAD, Optional.empty(), Optional.empty(), 100,
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                    List.of(), Optional.empty()),
                    new LayerResult("2", List.of("decode-gemv"), 512, SPREAD, Optional.of(SPREAD), Optional.of(SPREAD),
                            100, Optional.of(250.0), Optional.of(33.5),
                            Optional.of(new Check("CPU reference", "tiny", 3, 17, 0.01, 0.011, Optional.of(0.04),
                                    Optional.of(2L),
                                    Optional.of(120L), Optional.of(0.003))),
                            Optional.of(COST),
                            Optional.of(COST), List.of(new MemoryUse("weights", 1L << 35)),
                            Optional.of(new Timeline("2.trace.json.gz", 8, Optional.of(4.5), Optional.of(4.0), 0)))),
            Optional.of(new ExpertLoads("2",
                    new ExpertLoads.Phase(1, 6, List.of(List.of(6L, 4L, 2L), List.of(4L, 4L, 4L))),
                    Optional.of(new ExpertLoads.Phase(2, 2, List.of(List.of(2L, 2L, 0L), List.of(0L, 3L, 1L)))))),
            Optional.of(List.of(new TunedChoice("cublasLt 512 x 5120 x 2880", "rank 1 (0)", "2026-01-31T12:01:00+01:00",
                    List.of(new TunedChoice.Candidate("rank 0 (f)", Optional.of(40.5)),
                            new TunedChoice.Candidate("rank 1 (0)", Optional.of(38.25)),
                            new TunedChoice.Candidate("rank 2 (1)", Optional.empty()))))),
            List.of(new LayerFailure("1", List.of("nvtx-ranges"), "cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY (2)")),
            List.of("no timeline of layer baseline: CUPTI refused"),
            Optional.of(List.of(
                    new Profile("nsys", "2", Optional.of("nsys"), Optional.of("2025.3.1"),
                            List.of("nsys", "profile", "--output=2.nsys-rep", "moelab", "profiled"),
                            List.of("2.nsys-rep", "2.sqlite"), ProfileState.DONE, Optional.empty(), Optional.empty()),
                    new Profile("ncu", "2", Optional.of("ncu"), Optional.empty(), List.of(), List.of(),
                            ProfileState.LEFT_OUT, Optional.of("not found"), Optional.of("install it")),
                    new Profile("hta", "2", Optional.empty(), Optional.empty(), List.of(), List.of(),
                            ProfileState.FAILED, Optional.of("no timeline"), Optional.empty()))));

    @TempDir
    Path folder;

    @Test
    void report_writtenAndReadBack_isTheSame() throws IOException {
        RunFile.write(folder, REPORT);
        assertThat(RunFile.read(folder)).isEqualTo(REPORT);
        assertThat(folder).isDirectoryContaining("glob:**/run.json").isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void write_ontoAFullDisk_isRefusedByNameAndLeavesWhatWasThere() throws IOException {
        Path file = RunFile.write(folder, BEGUN);
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        Files.createSymbolicLink(folder.resolve("run.json.partial"), full);

        assertThatIOException().isThrownBy(() -> RunFile.write(folder, REPORT)).withMessageContaining(file.toString())
                .withMessageContaining("No space left").withMessageNotContaining("\n");

        assertThat(RunFile.read(folder)).isEqualTo(BEGUN);
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void reports_begunAndComplete_areAsTheSchemaSays() throws IOException {
        assertThat(Schema.faults(RunFile.write(folder, BEGUN))).isEmpty();
        assertThat(Schema.faults(RunFile.write(folder, REPORT))).isEmpty();
        replace("\"complete\" : true,", "\"complete\" : 1, \"weather\" : 2,");
        assertThat(Schema.faults(folder.resolve("run.json"))).containsExactly(".complete is not of type \"boolean\"",
                ".weather is not described");
    }

    @Test
    void report_ofTheFirstForm_isReadAsACompleteOne() throws IOException {
        Path file = folder.resolve("run.json");
        try (InputStream in = Objects.requireNonNull(RunFileTest.class.getResourceAsStream("run-1.json"))) {
            Files.write(file, in.readAllBytes());
        }
        assertThat(Schema.faults(file)).isEmpty();
        RunReport report = RunFile.read(folder);
        assertThat(report.complete()).isTrue();
        assertThat(report.failures()).isEmpty();
        assertThat(report.ceilings()).isEmpty();
        assertThat(report.asked().profile()).isEmpty();
        assertThat(report.expertLoads()).isEmpty();
        LayerResult layer = report.layers().getLast();
        assertThat(layer.timeline()).isEmpty();
        assertThat(layer.decode().orElseThrow().steps()).isEqualTo(1);
        assertThat(layer.decode().orElseThrow().operations().getFirst().timeUs()).isEmpty();
    }

    @Test
    void report_withFieldsThatAreNotKnown_isReadAllTheSame() throws IOException {
        RunFile.write(folder, REPORT);
        replace("\"version\" : 2,", "\"version\" : 2, \"weather\" : { \"sky\" : \"clear\" },");
        assertThat(RunFile.read(folder)).isEqualTo(REPORT);
    }

    @Test
    void imbalances_ofLoads_areTheFullestExpertOverTheMean() throws IOException {
        RunFile.write(folder, REPORT);
        ExpertLoads loads = RunFile.read(folder).expertLoads().orElseThrow();
        assertThat(loads.prefill().imbalances()).containsExactly(1.5, 1.0);
        assertThat(loads.prefill().meanImbalance()).isEqualTo(1.25);
        assertThat(loads.prefill().worstLayer()).isZero();
        assertThat(loads.decode().orElseThrow().imbalances()).containsExactly(1.5, 2.25);
        assertThat(loads.decode().orElseThrow().worstLayer()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("run.json"))).doesNotContain("mbalance");
    }

    @ParameterizedTest
    @ValueSource(strings = { "[ 6, 4, 3 ]", "[ 6, 6 ]", "[ 13, 0, -1 ]" })
    void loads_thatAreNotOfOneModel_areRefusedByName(String layer) throws IOException {
        RunFile.write(folder, REPORT);
        replace("[ 4, 4, 4 ]", layer);
        assertThatIOException().isThrownBy(() -> RunFile.read(folder))
                .withMessageContaining(folder.resolve("run.json").toString())
                .withMessageContaining("expert loads of layer 1").withMessageNotContaining("\n");
    }

    @Test
    void report_ofANewerForm_isRefusedByName() throws IOException {
        RunFile.write(folder, REPORT);
        replace("\"version\" : 2", "\"version\" : 3");
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

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "[]", "null", "{}", "{ \"version\" : \"2\" }", "{ \"version\" : 2.5 }" })
    void file_withoutAVersion_isRefusedAsThat(String text) throws IOException {
        Files.writeString(folder.resolve("run.json"), text);
        assertThatIOException().isThrownBy(() -> RunFile.read(folder))
                .withMessage(folder.resolve("run.json") + ": holds no object with a whole number as its version");
    }

    @Test
    void folder_inPlaceOfTheFile_isRefusedByName() throws IOException {
        Files.createDirectory(folder.resolve("run.json"));
        assertThatIOException().isThrownBy(() -> RunFile.read(folder))
                .withMessageContaining(folder.resolve("run.json").toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"layer\" : \"2\",| \"layer\" : \"baseline\",| layer baseline is there twice",
            "\"min\" : 1.0| \"min\" : -5| layer baseline, ttft_ms: expected times above 0",
            "\"p50\" : 2.0| \"p50\" : 0| layer baseline, ttft_ms: expected times above 0",
            "\"p50\" : 2.0| \"p50\" : 1e400| layers[0].ttft_ms.p50 is no finite number",
            "\"p50\" : 2.0| \"p50\" : NaN| Non-standard token 'NaN' (line",
            "\"steps\" : 8,| \"steps\" : 0,| layer 2, prefill: expected a step or more",
            "\"time_us\" : 210.75| \"time_us\" : -1| attention/qkv: a time of -1.0",
            "\"batch\" : 1,| \"batch\" : 0,| asked: batch, prompt, new tokens and repeats are at least 1, not 0, 512",
            "\"machine\" : {| \"engine\" : {| machine is missing",
            "\"ttft_ms\" : {| \"when\" : {| layers[0].ttft_ms is missing",
            "\"notes\" : [| \"words\" : [| notes is missing",
            "\"layers\" : [ {| \"layers\" : [ null, {| null in a list" })
    void report_ofWhatCannotBe_isRefusedByNameAndPlace(String from, String to, String problem) throws IOException {
        RunFile.write(folder, REPORT);
        replace(from, to);
        assertThatIOException().isThrownBy(() -> RunFile.read(folder))
                .withMessageStartingWith(folder.resolve("run.json").toString()).withMessageContaining(problem)
                .withMessageNotContaining("\n").withMessageNotContaining("org.moelab");
    }

    private void replace(String from, String to) throws IOException {
        Path file = folder.resolve("run.json");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }
}
