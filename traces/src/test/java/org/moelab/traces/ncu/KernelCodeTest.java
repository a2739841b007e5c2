package org.moelab.traces.ncu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.moelab.traces.Corpus;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Cubin;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.LineTable;
import org.moelab.traces.model.LineTable.Line;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.ncu.KernelCode.Instruction;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.Reports;

/// Instructions and source lines of profiled kernels: of two small kernels of ours, of the kept run's report, whose lines
/// are those that `nvdisasm -g` prints, and of every report of the corpus.
class KernelCodeTest {
    private static final Path RECORDED = Path.of("src/test/resources/h200/ncu");
    private static final Path KEPT = Path.of("../docs/runs/h200-gpt-oss-20b/prefill.ncu-rep.gz");
    private static final Listing NO_TEXT = Listing.none("not asked for");

    private static KernelReport open(Path file) throws TraceReadException {
        return (KernelReport) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static Listing recordedListing() throws IOException {
        try (Reader text = new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(RECORDED.resolve("scale_nvdisasm.txt.gz"))),
                StandardCharsets.UTF_8)) {
            return Listing.of(Disassembler.parse(text), "text by nvdisasm");
        }
    }

    private static long sum(KernelCode code, java.util.function.ToLongFunction<Instruction> figure) {
        return code.instructions().stream().mapToLong(figure).sum();
    }

    private static void assertSumsAreTheMetrics(KernelReport report, KernelCode code) {
        MetricTable metrics = report.metrics();
        int kernel = code.kernel().index();
        assertThat(sum(code, Instruction::executed)).isEqualTo((long) metrics.value(kernel, KernelCode.EXECUTED));
        assertThat(sum(code, Instruction::threads)).isEqualTo((long) metrics.value(kernel, KernelCode.THREADS));
        double samples = metrics.value(kernel, KernelCode.SAMPLES);
        if (!Double.isNaN(samples)) {
            assertThat(sum(code, Instruction::samples)).isEqualTo((long) samples);
            assertThat(sum(code, i -> i.stalls().values().stream().mapToLong(n -> n).sum()))
                    .as("a sample has one reason").isEqualTo((long) samples);
        }
        assertThat(sum(code, Instruction::samples)).isEqualTo(code.totals().samples().orElse(0));
        for (int row = metrics.begin(kernel); row < metrics.end(kernel); row++) {
            Optional<String> reason = KernelCode.reason(metrics.name(row));
            if (reason.isPresent() && metrics.instanceCount(row) > 0) {
                assertThat(sum(code, i -> i.stalls().getOrDefault(reason.get(), 0L))).as(metrics.name(row))
                        .isEqualTo((long) metrics.number(row));
            }
        }
    }

    @Test
    void instructions_ofARecordedKernel_haveTheTextAndSumsOfTheTools() throws Exception {
        KernelReport report = open(RECORDED.resolve("scale.ncu-rep.gz"));
        for (ProfiledKernel kernel : report.kernels()) {
            KernelCode code = KernelCode.of(report, kernel, recordedListing()).orElseThrow();
            assertSumsAreTheMetrics(report, code);
            assertThat(code.instructions()).extracting(Instruction::text).doesNotContain("").contains("EXIT")
                    .startsWith("LDC R1, c[0x0][0x28]");
            assertThat(code.instructions()).extracting(Instruction::function).containsOnly(kernel.name().mangled());
            // the encoding that nvdisasm prints of LDC R1, c[0x0][0x28]
            assertThat(code.instructions().getFirst().encoding()).endsWith("00000a00ff017b82").hasSize(32);
            assertThat(code.text()).isEqualTo("text by nvdisasm");
        }
    }

    @Test
    void lines_ofTheKeptReport_areThoseOfNvdisasm() throws Exception {
        KernelReport report = open(KEPT);
        ProfiledKernel flash = report.kernels().stream().filter(k -> k.name().function().equals("attention_flash"))
                .findFirst().orElseThrow();
        KernelCode code = KernelCode.of(report, flash, NO_TEXT).orElseThrow();

        assertSumsAreTheMetrics(report, code);
        assertThat(code.instructions()).hasSize(33664 / 16);
        assertThat(code.hasLines()).isTrue();
        String file = "/MoE-Lab/kernels/src/main/cuda/attention/attention_flash.cu";
        assertThat(line(code, 0x000)).contains(new Line(file, 281, 15228));
        assertThat(line(code, 0x010)).as("inlined: the line of the function called")
                .contains(new Line(file, 111, 15228));
        assertThat(line(code, 0x050)).as("as the one before").contains(new Line(file, 116, 15228));
        assertThat(line(code, 0x160))
                .contains(new Line("/MoE-Lab/kernels/src/main/cuda/common/pages.cuh", 53, 1942));
    }

    private static Optional<Line> line(KernelCode code, int offset) {
        return code.instructions().stream().filter(i -> i.offset() == offset).findFirst().orElseThrow().line();
    }

    @Test
    void sourceHeat_ofTheKeptReport_sumsToTheInstructions() throws Exception {
        KernelReport report = open(KEPT);
        for (ProfiledKernel kernel : report.kernels()) {
            KernelCode code = KernelCode.of(report, kernel, NO_TEXT).orElseThrow();
            SourceHeat heat = SourceHeat.of(code);
            long placed = heat.files().stream().mapToLong(SourceHeat.File::samples).sum();
            assertThat(placed + heat.unplaced().map(SourceHeat.Heat::samples).orElse(0L))
                    .isEqualTo(code.totals().samples().orElseThrow());
            assertThat(heat.files()).extracting(SourceHeat.File::samples)
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());
            // kernels of cuBLAS tell no lines, ours do
            assertThat(heat.files().isEmpty()).isEqualTo(kernel.name().function().startsWith("nvjet"));
        }
    }

    @TestFactory
    Stream<DynamicTest> sums_ofEachReportOfTheCorpus_areTheKernelsMetrics() {
        return Stream.concat(Corpus.files("ncu", ".ncu-rep").stream(), Corpus.files("h200", ".ncu-rep").stream())
                .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> {
                    KernelReport report = open(f);
                    report.kernels().forEach(k -> KernelCode.of(report, k, NO_TEXT)
                            .ifPresent(code -> assertSumsAreTheMetrics(report, code)));
                }));
    }

    @Test
    void ncuSource_ofAReportWithSources_hasTheirText() throws Exception {
        KernelReport report = open(
                Corpus.root().resolve("ncu/ncu_2024.3.0_rtx3060ti_llmc_adamw.ncu-rep"));
        ReportTable table = Reports.find("ncu_source").orElseThrow().run(report, ReportOptions.DEFAULT);
        List<Cell> line95 = table.rows().stream().filter(r -> r.get(0).equals(Cell.of(0L)))
                .filter(r -> r.get(3).equals(Cell.of(95L))).findFirst().orElseThrow();
        assertThat(line95.get(4)).isEqualTo(Cell.of("        shared_g[local_i] = grads_memory[i];"));
        assertThat(line95.get(8)).as("six instructions of 32768 warps").isEqualTo(Cell.of(6 * 32768L));
    }

    @Test
    void reports_withoutFiguresByInstruction_sayWhatToCollect() throws Exception {
        KernelReport report = open(Corpus.root().resolve("ncu/ncu_2025.2.1_gh200_nukexc.ncu-rep"));
        for (String name : List.of("ncu_instructions", "ncu_source")) {
            Report table = Reports.find(name).orElseThrow();
            assertThat(table.missing(report)).hasValueSatisfying(
                    m -> assertThat(m).contains("--section SourceCounters --import-source yes").doesNotContain("\n"));
        }
        assertThat(KernelCode.of(report, report.kernels().getFirst())).isEmpty();
    }

    @Test
    void listing_ofAModuleWithoutLabels_isFoundByItsHeadings() throws IOException {
        var functions = Disassembler.parse(new StringReader("""
                //--------------------- .text.gemm --------------------------
                gemm:
                        /*0000*/                   LDC R1, c[0x0][0x28] ;
                        /*0010*/                   EXIT ;
                """));
        assertThat(functions).containsOnlyKeys("gemm");
        assertThat(functions.get("gemm")).extracting(Disassembler.Instruction::text)
                .containsExactly("LDC R1, c[0x0][0x28]", "EXIT");
    }

    @Test
    void lineTable_ofADamagedModule_neverThrows() throws Exception {
        Cubin cubin = open(KEPT).modules().stream().flatMap(m -> m.cubin().stream())
                .filter(c -> c.section(".debug_line").isPresent()).findFirst().orElseThrow();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        cubin.writeTo(out);
        byte[] whole = out.toByteArray();
        assertThat(LineTable.of(cubin).at("attention_flash", 0)).isPresent();
        Random random = new Random(5);
        int lineTable = 0xfb30;
        for (int round = 0; round < 30; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 200; i++) {
                damaged[lineTable + random.nextInt(0x84222)] = (byte) random.nextInt();
                damaged[0xa308 + random.nextInt(0x2aa8)] = (byte) random.nextInt();
            }
            LineTable.of(new Cubin(damaged)).at("attention_flash", 0x160)
                    .ifPresent(line -> assertThat(line.line()).isPositive());
        }
        assertThat(LineTable.of(new Cubin(new byte[100])).isEmpty()).isTrue();
    }
}
