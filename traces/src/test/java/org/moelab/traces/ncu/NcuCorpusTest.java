package org.moelab.traces.ncu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.moelab.traces.Corpus;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.MetricUnit;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.Warning;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.Reports;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real reports of 2020 to 2025 and real CSV pages against the answers of reference readers.
class NcuCorpusTest {
    private static KernelReport open(Path file) throws TraceReadException {
        return (KernelReport) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static Path oracle(Path report) {
        String stem = report.getFileName().toString().replaceFirst("\\.ncu-rep(\\.gz)?$", "").replace(".csv", "_csv");
        return Corpus.root().resolve("oracle").resolve(stem);
    }

    private static Stream<DynamicTest> eachReport(ThrowingConsumer<Path> test) {
        List<Path> files = new ArrayList<>(Corpus.files("ncu", ".ncu-rep"));
        files.addAll(Corpus.files("h200", ".ncu-rep"));
        return files.stream()
                .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> test.accept(f)));
    }

    private static List<Map<String, String>> rows(Path csv) throws IOException {
        List<String[]> table = Corpus.csv(csv);
        List<Map<String, String>> rows = new ArrayList<>();
        for (String[] cells : table.subList(1, table.size())) {
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < cells.length; i++) {
                row.put(table.getFirst()[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<Map<String, String>> report(String name, Recording recording) {
        ReportTable table = Reports.find(name).orElseThrow().run(recording, ReportOptions.DEFAULT);
        List<Map<String, String>> rows = new ArrayList<>();
        for (List<Cell> cells : table.rows()) {
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                row.put(table.columns().get(i).name(), switch (cells.get(i)) {
                    case Cell.Text t -> t.value();
                    case Cell.Whole w -> Long.toString(w.value());
                    case Cell.Real r -> Double.toString(r.value());
                    case Cell.Missing _ -> "";
                });
            }
            rows.add(row);
        }
        return rows;
    }

    /// Equal as text, or as numbers to the last digit.
    private static void assertSame(String where, String want, String got) {
        if (want.equals(got) || want.equals("nan") && got.isEmpty()) {
            return;
        }
        assertThat(got).as(where).matches("[-+0-9.Ee]+");
        assertThat(new BigDecimal(got)).as(where).isEqualByComparingTo(new BigDecimal(want));
    }

    @TestFactory
    Stream<DynamicTest> ncuKernels_ofEachReport_equalReference() {
        return eachReport(file -> {
            List<Map<String, String>> want = rows(oracle(file).resolve("kernels.csv"));
            List<Map<String, String>> got = report("ncu_kernels", open(file));
            assertThat(got).hasSameSizeAs(want);
            for (int i = 0; i < want.size(); i++) {
                for (Map.Entry<String, String> cell : want.get(i).entrySet()) {
                    assertSame("kernel " + i + " " + cell.getKey(), cell.getValue(),
                            got.get(i).getOrDefault(cell.getKey(), "no such column"));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> ncuMetrics_ofEachReport_equalReferenceToTheLastDigit() {
        return eachReport(file -> {
            List<Map<String, String>> want = rows(oracle(file).resolve("metrics_raw.csv"));
            List<Map<String, String>> got = report("ncu_metrics", open(file));
            assertThat(got).hasSameSizeAs(want);
            for (int i = 0; i < want.size(); i++) {
                String where = "row " + i + " " + want.get(i).get("metric");
                for (Map.Entry<String, String> cell : want.get(i).entrySet()) {
                    assertSame(where + " " + cell.getKey(), cell.getValue(),
                            got.get(i).getOrDefault(cell.getKey(), "no such column"));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> rules_ofEachReport_equalReference() {
        return eachReport(file -> {
            Path answers = oracle(file).resolve("session_rules.json");
            if (!Files.exists(answers)) {
                assertThat(open(file).kernels()).isNotEmpty().allSatisfy(k -> assertThat(k.rules()).isNotEmpty());
                return;
            }
            JsonNode session = JsonMapper.shared().readTree(answers.toFile());
            JsonNode want = session.get("rules");
            KernelReport report = open(file);
            assertThat(report.kernels()).hasSize(want.size());
            for (ProfiledKernel kernel : report.kernels()) {
                JsonNode rules = want.get(kernel.index());
                assertThat(kernel.rules()).hasSize(rules.size());
                for (int r = 0; r < rules.size(); r++) {
                    assertRule(rules.get(r), kernel.rules().get(r));
                }
            }
            assertThat(report.info().schema()).isEqualTo(session.get("file_version").asString());
            assertThat(report.info().devices().getFirst().name())
                    .isEqualTo(session.get("session").get("devices").get(0).get("name").asString());
            assertThat(report.info().devices().getFirst().properties()).containsKey("compute capability")
                    .hasSize(session.get("session").get("devices").get(0).get("nattr").asInt() + 1);
            assertThat(report.info().epochNs().orElseThrow())
                    .isEqualTo(session.get("session").get("creation_time").asLong() * 1_000_000_000L);
        });
    }

    private static void assertRule(JsonNode want, RuleResult got) {
        assertThat(List.of(got.identifier(), got.name(), got.section()))
                .isEqualTo(List.of(want.get(0).asString(), want.get(1).asString(), want.get(2).asString()));
        assertThat(got.messages()).hasSize(want.get(3).size());
        for (int m = 0; m < got.messages().size(); m++) {
            assertThat(got.messages().get(m).type().ordinal()).isEqualTo(want.get(3).get(m).get(0).asInt());
            assertThat(got.messages().get(m).text()).isEqualTo(want.get(3).get(m).get(1).asString());
        }
    }

    @TestFactory
    Stream<DynamicTest> reports_ofAllVersions_readWithoutLoss() {
        return eachReport(file -> {
            KernelReport report = open(file);
            // ratios of nothing are no number in healthy reports as well
            assertThat(report.warnings()).extracting(Warning::code).isSubsetOf("nan-metric");
            String version = file.getFileName().toString().replaceFirst("ncu_(\\d+\\.\\d+\\.\\d+).*", "$1");
            if (!version.startsWith("jcuda")) {
                assertThat(report.info().version()).startsWith(version);
            }
            for (ProfiledKernel kernel : report.kernels()) {
                assertThat(kernel.complete()).isTrue();
                assertThat(kernel.launch().device()).hasValue(0);
                assertThat(report.module(kernel)).isPresent();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> instructionMetrics_ofKernelsWithCode_fallOnItsInstructions() {
        return eachReport(file -> {
            KernelReport report = open(file);
            for (ProfiledKernel kernel : report.kernels()) {
                int row = report.metrics().find(kernel.index(), "inst_executed");
                var code = report.module(kernel).orElseThrow().cubin()
                        .flatMap(c -> c.function(kernel.name().mangled()));
                if (row < 0 || code.isEmpty() || report.entryAddress(kernel).isEmpty()) {
                    continue;
                }
                MetricTable metrics = report.metrics();
                long entry = report.entryAddress(kernel).getAsLong();
                double sum = 0;
                for (int i = metrics.instanceBegin(row); i < metrics.instanceEnd(row); i++) {
                    long offset = metrics.correlation(i) - entry;
                    assertThat(offset % 16).isZero();
                    assertThat(offset).isBetween(0L, code.get().bytes() - 16L);
                    sum += metrics.instanceNumber(i);
                }
                assertThat(sum).isEqualTo(metrics.number(row));
            }
        });
    }

    @Test
    void nvtxState_ofNvidiasSample_givesRangesOutermostFirst() throws Exception {
        KernelReport report = open(Corpus.root().resolve("ncu/ncu_2022.3.0_nvtx_manual.ncu-rep"));
        assertThat(report.kernels()).extracting(
                k -> k.nvtx().stream().map(ProfiledKernel.NvtxRange::text).toList())
                .containsExactly(List.of("run_test", "init_data"), List.of("run_test", "daxpy"),
                        List.of("run_test", "check_results"));
        assertThat(report.kernels().getFirst().nvtx().getFirst().domain()).isEqualTo("<default domain>");
        assertThat(report.kernels().getFirst().callStack()).extracting(ProfiledKernel.StackFrame::function)
                .startsWith("__cudart819", "cudaLaunchKernel").endsWith("_start");
    }

    @Test
    void sections_ofH200Report_holdChartsWhoseMetricsWereCollected() throws Exception {
        KernelReport report = open(Corpus.root().resolve("h200/jcuda_copy_h200.ncu-rep.gz"));
        ProfiledKernel kernel = report.kernels().getFirst();
        assertThat(kernel.sections()).hasSize(21);
        var speedOfLight = kernel.sections().stream().filter(s -> s.identifier().equals("SpeedOfLight")).findFirst()
                .orElseThrow();
        assertThat(speedOfLight.name()).isEqualTo("GPU Speed Of Light Throughput");
        assertThat(speedOfLight.header()).anySatisfy(m -> {
            assertThat(m.label()).isEqualTo("Duration");
            assertThat(report.metrics().value(0, m.metric())).isEqualTo(1068448);
        });
        var roofline = kernel.sections().stream().flatMap(s -> s.parts().stream())
                .filter(p -> p.title().equals("Floating Point Operations Roofline")).findFirst().orElseThrow();
        assertThat(roofline).isInstanceOfSatisfying(
                org.moelab.traces.model.AnalysisSection.Roofline.class, r -> {
                    assertThat(r.yLabel()).isEqualTo("Performance [FLOP/s]");
                    assertThat(r.roofs()).isNotEmpty();
                    assertThat(r.points().getFirst().traffic().metrics())
                            .anySatisfy(m -> assertThat(m.metric()).isEqualTo("dram__bytes.sum.per_second"));
                });
    }

    @Test
    void rawPage_ofH200Report_agreesWithReport() throws Exception {
        KernelReport report = open(Corpus.root().resolve("h200/jcuda_copy_h200.ncu-rep.gz"));
        KernelReport page = open(Corpus.root().resolve("h200/jcuda_copy_h200_page_raw.csv"));
        assertThat(page.warnings()).isEqualTo(report.warnings());
        assertThat(page.kernels()).hasSameSizeAs(report.kernels());
        int compared = 0;
        for (ProfiledKernel kernel : page.kernels()) {
            ProfiledKernel same = report.kernels().get(kernel.index());
            assertThat(kernel.launch().grid()).isEqualTo(same.launch().grid());
            assertThat(kernel.launch().block()).isEqualTo(same.launch().block());
            assertThat(kernel.launch().stream()).isEqualTo(same.launch().stream());
            assertThat(kernel.name().function()).isEqualTo(same.name().function());
            MetricTable metrics = page.metrics();
            for (int row = metrics.begin(kernel.index()); row < metrics.end(kernel.index()); row++) {
                int other = report.metrics().find(kernel.index(), metrics.name(row));
                assertThat(other).as(metrics.name(row)).isNotNegative();
                // the tool scales this one by its denominator's prefix as if it were the numerator's
                if (metrics.name(row).equals("derived__pct_occupancy_per_shared_mem_size")
                        || metrics.type(row) == MetricTable.Type.TEXT || metrics.isTimeline(row)
                        || report.metrics().type(other) == MetricTable.Type.NONE) {
                    continue;
                }
                // the page rounds to two digits after the point without a unit, else to six of the value with its prefix
                double step = metrics.unit(row).text().isEmpty() ? 0.005 : 1e-6 * metrics.unit(row).scale();
                double want = report.metrics().number(other);
                assertThat(Double.isNaN(want)
                        ? Double.isNaN(metrics.number(row))
                        : Math.abs(metrics.baseValue(row) - want) <= step + 1e-12 * Math.abs(want))
                        .as("%s: %s, in the page %s", metrics.name(row), want, metrics.baseValue(row)).isTrue();
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(4 * 2000);
    }

    /// The tool derives units from words in names, and takes some for what they are not: a stall reason called
    /// `no_instruction` for instructions, `branch_resolving` for branches. For those and for formulas, ours differ or are
    /// absent; here they must be the same, which is what figures are computed with.
    @Test
    void unitsOfH200Metrics_whereNameTells_equalTheToolsOwn() throws Exception {
        KernelReport page = open(Corpus.root().resolve("h200/jcuda_copy_h200_page_raw.csv"));
        MetricTable metrics = page.metrics();
        Set<String> differing = new TreeSet<>();
        for (int row = metrics.begin(0); row < metrics.end(0); row++) {
            String stated = metrics.unit(row).text();
            String deduced = MetricUnit.ofMetric(metrics.name(row)).text();
            if (!stated.equals(deduced)) {
                differing.add(metrics.name(row));
            }
        }
        assertThat(differing).hasSize(59).allMatch(name -> name.matches("""
                derived__.*|.*_issue_stalled_.*|.*branch_targets.*|.*_writeback_active.*|.*_latency_per_inst.*\
                |.*_warps_active_per_inst.*|.*mc_requests.*|sm__icc_requests.*|memory_l[12]_.*|.*merged_samples"""));
    }

    @Test
    void detailsPage_besideItsReport_agrees() throws Exception {
        KernelReport page = open(Corpus.root().resolve("ncu/ncu_2023.1.0_readWriteOffset_ca.csv"));
        KernelReport report = open(Corpus.root().resolve("ncu/ncu_2023.1.0_readWriteOffset_ca.ncu-rep"));
        assertThat(page.kernels()).hasSize(3);
        MetricTable metrics = report.metrics();
        ProfiledKernel kernel = report.kernels().getFirst();
        ProfiledKernel same = page.kernels().getFirst();
        assertThat(same.name().demangled()).isEqualTo(kernel.name().demangled());
        assertThat(same.name().function()).isEqualTo(kernel.name().function());
        assertThat(same.launch().grid()).isEqualTo(kernel.launch().grid());
        assertThat(same.launch().block()).isEqualTo(kernel.launch().block());
        // two runs of one program: what its loads bring from memory agrees, but for what else was going on
        assertThat(page.metrics().value(0, "dram__bytes_read.sum"))
                .isCloseTo(metrics.value(0, "dram__bytes_read.sum"), withinPercentage(0.1));
        assertThat(page.durationNs(same)).isCloseTo(report.durationNs(kernel), withinPercentage(2));
        assertThat(page.metrics().unit(page.metrics().find(0, KernelReport.DURATION)))
                .isEqualTo(MetricUnit.ofMetric(KernelReport.DURATION));
    }

    @TestFactory
    Stream<DynamicTest> csvPages_ofEachVersion_holdEveryRow() {
        return Corpus.files("ncu", ".csv").stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(),
                () -> {
                    JsonNode want = JsonMapper.shared().readTree(oracle(file).resolve("summary.json").toFile());
                    KernelReport page = open(file);
                    assertThat(page.kernels()).hasSize(want.get("kernels").asInt());
                    assertThat(page.metrics().size()).isEqualTo(want.get("metric_rows").asInt());
                    assertThat(page.kernels().stream().flatMap(k -> k.rules().stream())
                            .mapToInt(r -> r.messages().size()).sum()).isEqualTo(want.get("rule_rows").asInt());
                    assertThat(page.warnings()).extracting(Warning::code).isSubsetOf("metric-without-value");
                }));
    }

    @Test
    void detailsPage_ofCopyKernel_holdsScaledValues() throws Exception {
        KernelReport page = open(Corpus.root().resolve("ncu/ncu_details_copy_blocked_t4.csv"));
        MetricTable metrics = page.metrics();
        assertThat(metrics.value(0, "DRAM Frequency")).isEqualTo(4_963_609_951.19);
        assertThat(metrics.value(0, "Elapsed Cycles")).isEqualTo(12_319_469);
        RuleResult pipes = page.kernels().getFirst().rules().stream()
                .filter(r -> r.identifier().equals("HighPipeUtilization")).findFirst().orElseThrow();
        assertThat(pipes.messages().getFirst().speedup())
                .hasValue(new RuleResult.Speedup(RuleResult.Scope.LOCAL, 98.86));
        assertThat(page.kernels().getFirst().name().function()).startsWith("copy_blocked[");
    }
}
