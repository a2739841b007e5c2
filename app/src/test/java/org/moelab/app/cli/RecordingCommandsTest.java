package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The verbs on our own recordings.
final class RecordingCommandsTest {
    private static final Path RECORDINGS = Path.of("../traces/src/test/resources/h200");
    private static final Path PYTORCH = RECORDINGS.resolve("gptoss2L_pytorch.json.gz");
    private static final Path NSYS = RECORDINGS.resolve("gptoss2L_nsys_node.sqlite.gz");

    @TempDir
    Path folder;

    @Test
    void info_pytorchTrace_tellsToolDeviceCountsAndTime() {
        Run run = Run.of("info", PYTORCH);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("PyTorch profiler", "NVIDIA H200", "474  kernel", "28  memcpy",
                "58.55 ms", "508 of 508");
    }

    @Test
    void info_jsonOfPytorchTrace_holdsPlainFigures() {
        JsonNode info = JsonMapper.shared().readTree(Run.of("info", "--json", PYTORCH).out());

        assertThat(info.at("/format").asString()).isEqualTo("KINETO");
        assertThat(info.at("/devices/0/name").asString()).isEqualTo("NVIDIA H200");
        assertThat(info.at("/events_by_kind/KERNEL").asInt()).isEqualTo(474);
        assertThat(info.at("/end_ns").asLong() - info.at("/start_ns").asLong()).isEqualTo(58_549_703);
        assertThat(info.at("/warnings").size()).isZero();
    }

    @Test
    void stats_severalReports_areFilesOfTheFolderNamedAfterThem() throws IOException {
        Path output = folder.resolve("made/by/stats");

        Run run = Run.of("stats", NSYS, "--report", "cuda_gpu_kern_sum,nvtx_sum,cuda_gpu_kern_sum", "--format", "csv",
                "-o", output);

        assertThat(run).isEqualTo(new Run(DONE, "", ""));
        assertThat(Run.filesIn(output)).containsExactly("cuda_gpu_kern_sum.csv", "nvtx_sum.csv");
        assertThat(Files.readAllLines(output.resolve("cuda_gpu_kern_sum.csv")).getFirst()).startsWith(
                "Time (%),Total Time (ns),Instances,");
    }

    @Test
    void stats_oneReportIntoExistingFolder_isAFileInIt() throws IOException {
        Run run = Run.of("stats", NSYS, "--report", "cuda_api_sum", "--format", "csv", "-o", folder);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Run.filesIn(folder)).containsExactly("cuda_api_sum.csv");
    }

    @Test
    void stats_oneReportIntoJsonFile_isJsonByItsEnding() throws IOException {
        Path file = folder.resolve("kernels.json");

        Run run = Run.of("stats", PYTORCH, "--report", "gpu_kernels", "-o", file);

        assertThat(run.exitCode()).isEqualTo(DONE);
        JsonNode rows = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(rows.size()).isGreaterThan(10);
        assertThat(rows.get(0).has("kernel_type")).isTrue();
    }

    @Test
    void stats_severalReportsAsJsonOnOut_isOneObject() {
        Run run = Run.of("stats", PYTORCH, "--report", "gpu_kernels,temporal_breakdown", "--format", "json");

        JsonNode reports = JsonMapper.shared().readTree(run.out());
        assertThat(reports.propertyNames()).containsExactly("gpu_kernels", "temporal_breakdown");
        assertThat(reports.get("temporal_breakdown").size()).isEqualTo(1);
    }

    @Test
    void stats_oneOfTheReportsLacksData_othersAreWrittenAndItIsNamed() throws IOException {
        Run run = Run.of("stats", PYTORCH, "--report", "gpu_kernels,ncu_kernels", "-o", folder);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().startsWith("moelab: " + PYTORCH + ": ncu_kernels: ");
        assertThat(Run.filesIn(folder)).containsExactly("gpu_kernels.csv");
    }

    /// Whether instructions have text depends on the machine.
    @Test
    void stats_codeOfAProfiledKernel_isARowAnInstructionAndASourceLine() throws IOException {
        Path report = Path.of("../traces/src/test/resources/h200/ncu/scale.ncu-rep.gz");

        Run run = Run.of("stats", report, "--report", "ncu_instructions,ncu_source", "-o", folder);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Files.readAllLines(folder.resolve("ncu_source.csv"))).hasSize(9).anySatisfy(
                line -> assertThat(line).contains("scale.cu,4,    if (i < n) x[i] *= a;,10,252,80.0"));
        assertThat(Files.readAllLines(folder.resolve("ncu_instructions.csv")))
                .hasSizeGreaterThan(100).first().asString().startsWith(
                        "kernel_idx,kernel,function,offset,address,sass,encoding,file,line,samples,samples_share,"
                                + "inst_executed,thread_inst_executed,note,stall_");
        assertThat(run.errLines().stream().anyMatch(line -> line.contains("ncu_instructions: no nvdisasm")))
                .isEqualTo(org.moelab.traces.ncu.Disassembler.find().isEmpty());
    }

    @Test
    void stats_noReportCanBeAnswered_makesNoFolder() {
        Path output = folder.resolve("output");

        Run run = Run.of("stats", PYTORCH, "--report", "ncu_kernels,ncu_rules", "-o", output);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).hasSize(2);
        assertThat(output).doesNotExist();
    }

    @Test
    void stats_cutTrace_tellsWhatIsMissingAndAnswersFromTheRest() throws IOException {
        Path cut = folder.resolve("cut.json");
        try (var in = new GZIPInputStream(Files.newInputStream(PYTORCH))) {
            Files.write(cut, in.readNBytes(2_000_000));
        }

        Run run = Run.of("stats", cut, "--report", "gpu_kernels", "--format", "csv");

        assertThat(run.errLines()).anySatisfy(
                line -> assertThat(line).startsWith("moelab: " + cut + ": ").contains("cut off"));
        assertThat(run.out().lines().count()).isGreaterThan(1);
        assertThat(run.exitCode()).isEqualTo(DONE);
    }

    @Test
    void stats_outputFolderMissing_isOneLineThatNamesIt() {
        Path file = folder.resolve("absent/report.csv");

        Run run = Run.of("stats", PYTORCH, "--report", "gpu_kernels", "-o", file);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(file.toString(), "no such folder");
    }

    @Test
    void stats_outputFolderIsAFile_isOneLineThatNamesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "something else");

        Run run = Run.of("stats", PYTORCH, "--report", "gpu_kernels,temporal_breakdown", "-o", file);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(file.toString());
        assertThat(file).hasContent("something else");
    }

    @Test
    void stats_diskFull_isOneLineThatNamesTheFile() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");

        Run run = Run.of("stats", PYTORCH, "--report", "gpu_kernels", "--format", "csv", "-o", full);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().isEqualTo("moelab: /dev/full: No space left on device");
    }

    @Test
    void stats_standardOutputFull_isOneLine() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        var err = new java.io.ByteArrayOutputStream();

        int exitCode;
        try (var out = Files.newOutputStream(full)) {
            exitCode = CommandLineInterface.run(Terminal.to(out, err), "stats", "--list");
        }

        assertThat(exitCode).isEqualTo(FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).singleElement().asString()
                .contains("standard output");
    }

    @Test
    void convert_nsysToPackedChromeTrace_opensAgainWithTheSameDeviceWork() throws IOException {
        Path converted = folder.resolve("trace.json.gz");

        Run run = Run.of("convert", NSYS, "-o", converted);

        assertThat(run).isEqualTo(new Run(DONE, "", ""));
        assertThat(Run.filesIn(folder)).containsExactly("trace.json.gz");
        JsonNode before = JsonMapper.shared().readTree(Run.of("info", "--json", NSYS).out());
        JsonNode after = JsonMapper.shared().readTree(Run.of("info", "--json", converted).out());
        for (String kind : List.of("KERNEL", "MEMCPY", "MEMSET")) {
            assertThat(after.at("/events_by_kind/" + kind)).as(kind).isEqualTo(before.at("/events_by_kind/" + kind));
        }
        assertThat(after.at("/device_work_linked")).isEqualTo(before.at("/device_work_linked"));
    }

    @Test
    void convert_toCsv_hasARowAnEvent() throws IOException {
        Path converted = folder.resolve("trace.csv");

        Run run = Run.of("convert", PYTORCH, "-o", converted);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Files.readAllLines(converted)).hasSize(1 + 5_589);
    }
}
