package org.moelab.traces.ncu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.Unit;
import org.moelab.traces.model.Warning;

/// CSV pages in the tool's layouts, as people have them: among other output, in several locales, cut off.
class CsvPageTest {
    private static final String DETAILS = """
            "ID","Process ID","Process Name","Host Name","Kernel Name","Context","Stream","Block Size","Grid Size",\
            "Device","CC","Section Name","Metric Name","Metric Unit","Metric Value","Rule Name","Rule Type",\
            "Rule Description","Estimated Speedup Type","Estimated Speedup"
            """;
    private static final String RAW = """
            "ID","Process ID","Process Name","Host Name","Kernel Name","Context","Stream","Block Size","Grid Size",\
            "Device","CC","dram__bytes.sum","gpu__time_duration.sum","launch__func_cache_config","absent__metric"
            "","","","","","","","","","","","Gbyte","us","",""
            """;

    @TempDir
    private Path folder = Path.of("");

    private KernelReport read(byte[] content) throws TraceReadException {
        try {
            return (KernelReport) Recordings.open(Files.write(folder.resolve("page"), content), ImportOptions.DEFAULT,
                    ImportMonitor.NONE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private KernelReport read(String content) throws TraceReadException {
        return read(content.getBytes(StandardCharsets.UTF_8));
    }

    private TraceReadException refused(String content) {
        return Optional.ofNullable(catchThrowableOfType(TraceReadException.class, () -> read(content))).orElseThrow();
    }

    private static String detail(int id, String rest) {
        return "\"" + id + "\",\"9\",\"app\",\"127.0.0.1\",\"void ns::copy<float>(float *, int)\",\"1\",\"7\","
                + "\"(256, 1, 1)\",\"(32, 2, 1)\",\"0\",\"9.0\"," + rest + "\n";
    }

    @Test
    void detailsPage_withRulesAndOutputAround_isReadByKernel() throws Exception {
        String page = "==PROF== Connected to process 9\nhello from the program\n" + DETAILS
                + detail(0, "\"Speed\",\"Duration\",\"us\",\"1,234.50\",") + "==WARNING== late\n"
                + detail(0, "\"Speed\",\"Cycles\",\"cycle\",\"63,779\",")
                + detail(0,
                        "\"SpeedId\",\"\",\"\",\"\",\"Limit\",\"OPT\",\"first line\nsecond, \"\"quoted\"\"\",\"local\",\"12.5\"")
                + detail(1, "\"Speed\",\"Duration\",\"ms\",\"2.00\",") + "==PROF== Disconnected\n";
        KernelReport report = read(page);
        assertThat(report.warnings()).isEmpty();
        assertThat(report.kernels()).hasSize(2);
        ProfiledKernel kernel = report.kernels().getFirst();
        assertThat(kernel.name().function()).isEqualTo("copy");
        assertThat(kernel.launch().grid()).hasToString("32x2x1");
        assertThat(kernel.launch().block()).hasToString("256x1x1");
        assertThat(kernel.launch().process().pid()).isEqualTo(9);
        MetricTable metrics = report.metrics();
        assertThat(metrics.value(0, "Duration")).isEqualTo(1234.5);
        assertThat(metrics.baseValue(metrics.find(0, "Duration"))).isEqualTo(1_234_500);
        assertThat(metrics.baseValue(metrics.find(1, "Duration"))).isEqualTo(2_000_000);
        assertThat(metrics.value(0, "Cycles")).isEqualTo(63_779);
        RuleResult.Message finding = kernel.rules().getFirst().messages().getFirst();
        assertThat(finding.text()).isEqualTo("first line\nsecond, \"quoted\"");
        assertThat(finding.type()).isEqualTo(RuleResult.Type.OPTIMIZATION);
        assertThat(finding.speedup()).hasValue(new RuleResult.Speedup(RuleResult.Scope.LOCAL, 12.5));
        assertThat(kernel.sections()).hasSize(1);
        assertThat(report.info().devices().getFirst().properties()).containsEntry("compute capability", "9.0");
    }

    @Test
    void rawPage_withUnitsInItsSecondRow_isReadByKernel() throws Exception {
        KernelReport report = read(RAW + detail(0, "\"2.147542\",\"1.500000\",\"PreferNone\",\"\"")
                + detail(1, "\"0.5\",\"750.000000\",\"PreferNone\",\"\""));
        MetricTable metrics = report.metrics();
        assertThat(report.kernels()).hasSize(2);
        assertThat(metrics.size()).isEqualTo(6);
        int bytes = metrics.find(0, "dram__bytes.sum");
        assertThat(metrics.number(bytes)).isEqualTo(2.147542);
        assertThat(metrics.baseValue(bytes)).isEqualTo(2.147542e9);
        assertThat(metrics.unit(bytes).unit()).isEqualTo(Unit.BYTES);
        assertThat(metrics.unitText(bytes)).isEqualTo("Gbyte");
        assertThat(metrics.text(metrics.find(0, "launch__func_cache_config"))).isEqualTo("PreferNone");
        assertThat(report.durationNs(report.kernels().get(1))).isEqualTo(750_000);
    }

    @Test
    void detailsPage_withDecimalCommas_isReadByThatStyle() throws Exception {
        MetricTable metrics = read(DETAILS + detail(0, "\"S\",\"Duration\",\"us\",\"56,06\",")
                + detail(0, "\"S\",\"Cycles\",\"cycle\",\"63.779\",")
                + detail(0, "\"S\",\"Frequency\",\"hz\",\"4.963.609.951,19\",")).metrics();
        assertThat(metrics.value(0, "Duration")).isEqualTo(56.06);
        assertThat(metrics.value(0, "Cycles")).isEqualTo(63_779);
        assertThat(metrics.value(0, "Frequency")).isEqualTo(4_963_609_951.19);
    }

    @Test
    void detailsPage_withSpacesBetweenThousands_isReadByThatStyle() throws Exception {
        MetricTable metrics = read(DETAILS + detail(0, "\"S\",\"A\",\"\",\"1\u202F234\u202F567,5\",")
                + detail(0, "\"S\",\"B\",\"\",\"0,25\",")).metrics();
        assertThat(metrics.value(0, "A")).isEqualTo(1_234_567.5);
        assertThat(metrics.value(0, "B")).isEqualTo(0.25);
    }

    @Test
    void detailsPage_withBothMarks_saysSo() throws Exception {
        KernelReport report = read(
                DETAILS + detail(0, "\"S\",\"A\",\"\",\"1.5\",") + detail(0, "\"S\",\"B\",\"\",\"1,5\","));
        assertThat(report.warnings()).extracting(Warning::code).containsExactly("mixed-decimal-marks");
    }

    @Test
    void detailsPage_ofFailedLaunch_keepsMetricsWithoutNumbers() throws Exception {
        KernelReport report = read(DETAILS + detail(0, "\"S\",\"Duration\",\"nsecond\",\"(!) nan\",")
                + detail(0, "\"S\",\"Rate\",\"%\",\"(!) n/a\","));
        assertThat(report.metrics().value(0, "Duration")).isNaN();
        assertThat(report.metrics().type(1)).isEqualTo(MetricTable.Type.NONE);
        assertThat(report.warnings()).extracting(Warning::code).containsExactly("nan-metric", "metric-without-value");
    }

    @Test
    void detailsPage_cutOffInARow_leavesTheRowOutAndSaysWhere() throws Exception {
        String whole = DETAILS + detail(0, "\"S\",\"Duration\",\"us\",\"1.5\",")
                + detail(0, "\"S\",\"Cycles\",\"cycle\",\"63,779\",");
        for (int cut : new int[] { 5, 13, 40, 60 }) {
            KernelReport report = read(whole.substring(0, whole.length() - cut));
            assertThat(report.metrics().size()).isEqualTo(1);
            assertThat(report.warnings()).extracting(Warning::code).containsExactly("truncated");
            assertThat(report.warnings().getFirst().message()).contains("line 3");
        }
    }

    @Test
    void page_asPowerShellWritesIt_isReadAsUtf16() throws Exception {
        String page = "\uFEFF" + DETAILS + detail(0, "\"S\",\"Duration\",\"us\",\"1.5\",");
        assertThat(read(page.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_16LE)).metrics().value(0, "Duration"))
                .isEqualTo(1.5);
        assertThat(read(page).metrics().value(0, "Duration")).isEqualTo(1.5);
    }

    @Test
    void page_packedAndCutOff_keepsWhatCameBefore() throws Exception {
        StringBuilder page = new StringBuilder(DETAILS);
        for (int i = 0; i < 5000; i++) {
            page.append(detail(i, "\"S\",\"Duration\",\"us\",\"" + i * 31 % 977 + ".5\","));
        }
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(page.toString().getBytes(StandardCharsets.UTF_8));
        }
        KernelReport report = read(Arrays.copyOf(gzip.toByteArray(), gzip.size() / 2));
        assertThat(report.kernels()).hasSizeBetween(1000, 4000);
        assertThat(report.warnings()).extracting(Warning::code).contains("truncated");
    }

    @Test
    void page_withoutQuotes_isRead() throws Exception {
        KernelReport report = read("""
                ID,Process ID,Kernel Name,Section Name,Metric Name,Metric Unit,Metric Value
                0,9,copy,S,Duration,us,1.5
                0,9,copy,S,Cycles,cycle,7
                """);
        assertThat(report.kernels()).hasSize(1);
        assertThat(report.metrics().value(0, "Cycles")).isEqualTo(7);
        assertThat(report.kernels().getFirst().launch().device()).isEmpty();
    }

    @Test
    void textPage_isRefusedWithWhatToDo() {
        assertThat(
                refused("==PROF== Connected to process 5\n  copy (1, 1, 1)x(1, 1, 1), Context 1\n    Section: Speed\n"))
                .hasMessageContaining("holds no CSV page").hasMessageContaining("ncu --csv --page raw");
    }

    @Test
    void otherCsv_isNotARecording() {
        assertThat(refused("name,value\na,1\n")).hasMessageContaining("not a recording that MoE Lab knows");
    }
}
