package org.moelab.traces.ncu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.AnalysisSection.LabelledMetric;
import org.moelab.traces.model.Cubin;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.MetricUnit;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.ProfiledKernel.NvtxRange;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.ncu.Disassembler.Instruction;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A report that we recorded of two small kernels on an H200 with Nsight Compute 2025.3.1, against what the tool's own
/// Python interface and CSV pages say of it. `scale.cu` is the program.
class NcuRecordedTest {
    /// Names whose words the tool takes for other units than they are of, or whose formulas it looks into.
    private static final String UNIT_OF_OTHER_WORDS = """
            derived__.*|.*_issue_stalled_.*|.*branch_targets.*|memory_l[12]_.*|.*_per_opcode.*|.*_evict_type""";

    private static Path file(String name) {
        return Path.of("src/test/resources/h200/ncu", name);
    }

    private static KernelReport open(String name) throws TraceReadException {
        return (KernelReport) Recordings.open(file(name), ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static Reader text(String name) throws IOException {
        InputStream packed = Objects.requireNonNull(NcuRecordedTest.class.getResourceAsStream("/h200/ncu/" + name));
        return new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8);
    }

    /// The tool's Python interface's answers: for each kernel its name, metrics (unit, value, instances), NVTX and rules.
    private static JsonNode reference() throws IOException {
        return reference("scale_reference.json.gz");
    }

    private static JsonNode reference(String name) throws IOException {
        try (Reader answers = text(name)) {
            return JsonMapper.shared().readTree(answers).get(0);
        }
    }

    @Test
    void report_asRecorded_namesToolKernelsAndLaunches() throws Exception {
        KernelReport report = open("scale.ncu-rep.gz");
        assertThat(report.warnings()).isEmpty();
        assertThat(report.info().version()).isEqualTo("2025.3.1.0");
        assertThat(report.info().devices().getFirst().name()).isEqualTo("NVIDIA H200");
        assertThat(report.info().devices().getFirst().properties()).containsEntry("compute capability", "9.0");
        assertThat(report.kernels()).extracting(k -> k.name().display()).containsExactly("scale(float *, float, int)",
                "void gather<(int)33>(float *, const float *, int)");
        assertThat(report.kernels()).extracting(k -> k.launch().grid() + " " + k.launch().block())
                .containsExactly("4096x1x1 256x1x1", "8192x1x1 128x1x1");
        assertThat(report.kernels()).allSatisfy(k -> assertThat(FunctionName.parse(k.name().demangled()).name())
                .isEqualTo(k.name().function()));
    }

    @Test
    void metrics_ofEachKernel_equalThePythonInterface() throws Exception {
        assertMetrics(open("scale.ncu-rep.gz"), reference());
    }

    /// `together.cu` launches two kernels by one graph, which was profiled as a whole.
    @Test
    void graph_profiledAsOne_equalsThePythonInterface() throws Exception {
        KernelReport report = open("together_graph.ncu-rep.gz");
        JsonNode reference = reference("together_reference.json.gz");
        assertThat(report.warnings()).isEmpty();
        assertThat(report.kernels()).extracting(ProfiledKernel::workload)
                .containsExactly(ProfiledKernel.Workload.GRAPH);
        ProfiledKernel graph = report.kernels().getFirst();
        assertThat(graph.sections()).hasSize(3);
        assertThat(graph.rules()).isNotEmpty();
        assertThat(report.module(graph)).isPresent();
        assertMetrics(report, reference);
        ProfiledKernel shown = open("together_details.csv.gz").kernels().getFirst();
        assertThat(shown.launch().stream()).isEqualTo(graph.launch().stream());
        assertThat(shown.launch().context()).isEqualTo(graph.launch().context());
        assertThat(shown.rules()).extracting(RuleResult::identifier).containsExactlyInAnyOrderElementsOf(graph.rules()
                .stream().filter(r -> !r.messages().isEmpty()).map(RuleResult::identifier).toList());
    }

    private static void assertMetrics(KernelReport report, JsonNode reference) {
        MetricTable metrics = report.metrics();
        assertThat(report.kernels()).hasSize(reference.size());
        for (ProfiledKernel kernel : report.kernels()) {
            JsonNode want = reference.get(kernel.index()).get(1);
            assertThat(metrics.end(kernel.index()) - metrics.begin(kernel.index())).isEqualTo(want.size());
            for (Map.Entry<String, JsonNode> metric : want.properties()) {
                int row = metrics.find(kernel.index(), metric.getKey());
                JsonNode value = metric.getValue().get(1);
                assertThat(row).as(metric.getKey()).isNotNegative();
                if (value.isString()) {
                    assertThat(metrics.text(row)).as(metric.getKey()).isEqualTo(value.asString());
                } else {
                    assertThat(metrics.number(row)).as(metric.getKey()).isEqualTo(value.asDouble());
                }
                assertThat(metrics.instanceCount(row)).as(metric.getKey()).isEqualTo(metric.getValue().get(2).asInt());
            }
        }
    }

    @Test
    void units_whereNamesTell_equalThePythonInterface() throws Exception {
        Set<String> differing = new TreeSet<>();
        int compared = 0;
        for (Map.Entry<String, JsonNode> metric : reference().get(0).get(1).properties()) {
            compared++;
            if (!MetricUnit.ofMetric(metric.getKey()).text().equals(metric.getValue().get(0).asString())) {
                differing.add(metric.getKey());
            }
        }
        assertThat(compared).isEqualTo(629);
        assertThat(differing).allMatch(name -> name.matches(UNIT_OF_OTHER_WORDS)).hasSize(28);
    }

    @Test
    void nvtxState_ofEachKernel_equalsThePythonInterface() throws Exception {
        JsonNode reference = reference();
        for (String form : List.of("scale.ncu-rep.gz", "scale_raw.csv.gz", "scale_details.csv.gz")) {
            for (ProfiledKernel kernel : open(form).kernels()) {
                JsonNode domain = reference.get(kernel.index()).get(2).get(0);
                assertThat(kernel.nvtx()).extracting(NvtxRange::domain).containsOnly(domain.get(0).asString());
                assertThat(ranges(kernel, NvtxRange.Kind.PUSH_POP)).isEqualTo(texts(domain.get(1)));
                assertThat(ranges(kernel, NvtxRange.Kind.START_END)).isEqualTo(texts(domain.get(2)));
            }
        }
    }

    private static List<String> ranges(ProfiledKernel kernel, NvtxRange.Kind kind) {
        return kernel.nvtx().stream().filter(r -> r.kind() == kind).map(NvtxRange::text).toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(t -> texts.add(t.asString()));
        return texts;
    }

    @Test
    void rules_withFindings_equalThePythonInterface() throws Exception {
        JsonNode reference = reference();
        for (ProfiledKernel kernel : open("scale.ncu-rep.gz").kernels()) {
            List<JsonNode> want = new ArrayList<>();
            reference.get(kernel.index()).get(3).forEach(want::add);
            // the interface lists a rule's tables as findings without text
            want.removeIf(r -> r.get("rule_message").get("message").asString().isEmpty());
            int next = 0;
            for (RuleResult rule : kernel.rules()) {
                for (RuleResult.Message message : rule.messages()) {
                    assertRule(want.get(next++), rule, message);
                }
            }
            assertThat(next).isEqualTo(want.size()).isPositive();
        }
    }

    private static void assertRule(JsonNode want, RuleResult rule, RuleResult.Message message) {
        assertThat(rule.identifier()).isEqualTo(want.get("rule_identifier").asString());
        assertThat(rule.name()).isEqualTo(want.get("name").asString());
        assertThat(rule.section()).isEqualTo(want.get("section_identifier").asString());
        assertThat(message.title()).isEqualTo(want.get("rule_message").get("title").asString());
        assertThat(message.text()).isEqualTo(want.get("rule_message").get("message").asString());
        assertThat(message.focus()).hasSize(want.get("focus_metrics").size());
        for (int i = 0; i < message.focus().size(); i++) {
            JsonNode focus = want.get("focus_metrics").get(i);
            assertThat(message.focus().get(i)).isEqualTo(new RuleResult.FocusMetric(focus.get("name").asString(),
                    focus.get("value").asDouble(), RuleResult.Severity.values()[focus.get("severity").asInt()],
                    focus.get("info").asString()));
        }
        Optional<RuleResult.Speedup> speedup = want.has("speedup_estimation")
                ? Optional.of(new RuleResult.Speedup(
                        RuleResult.Scope.values()[want.get("speedup_estimation").get("type").asInt()],
                        want.get("speedup_estimation").get("speedup").asDouble()))
                : Optional.empty();
        assertThat(message.speedup()).isEqualTo(speedup);
    }

    @Test
    void detailsPage_ofTheReport_showsTheSectionsHeaders() throws Exception {
        KernelReport report = open("scale.ncu-rep.gz");
        KernelReport page = open("scale_details.csv.gz");
        assertThat(page.warnings()).isEmpty();
        assertThat(page.kernels()).hasSameSizeAs(report.kernels());
        for (ProfiledKernel kernel : page.kernels()) {
            ProfiledKernel recorded = report.kernels().get(kernel.index());
            int row = page.metrics().begin(kernel.index());
            for (AnalysisSection section : kernel.sections()) {
                AnalysisSection same = recorded.sections().stream().filter(s -> s.name().equals(section.name()))
                        .findFirst().orElseThrow();
                for (LabelledMetric shown : section.header()) {
                    assertShown(page.metrics(), row++, same, shown, report.metrics(), kernel.index());
                }
            }
            assertThat(row).isEqualTo(page.metrics().end(kernel.index()));
            assertThat(kernel.rules()).extracting(RuleResult::identifier)
                    .containsExactlyInAnyOrderElementsOf(recorded.rules().stream()
                            .filter(r -> !r.messages().isEmpty()).map(RuleResult::identifier).toList());
        }
    }

    /// One of the section's metrics of this label has the value that the page rounds to two digits.
    private static void assertShown(MetricTable page, int row, AnalysisSection section, LabelledMetric shown,
            MetricTable metrics, int kernel) {
        double step = page.unit(row).scale() * 0.0051;
        assertThat(section.header()).filteredOn(m -> m.label().equals(shown.label())).as(shown.label())
                .anySatisfy(m -> {
                    int recorded = metrics.find(kernel, m.metric());
                    assertThat(recorded).isNotNegative();
                    assertThat(page.type(row) == MetricTable.Type.TEXT
                            ? page.text(row).equals(metrics.text(recorded))
                            : Math.abs(page.baseValue(row) - metrics.number(recorded)) <= step).isTrue();
                });
    }

    @Test
    void rawPage_ofTheReport_holdsItsMetrics() throws Exception {
        KernelReport report = open("scale.ncu-rep.gz");
        KernelReport page = open("scale_raw.csv.gz");
        assertThat(page.warnings()).isEmpty();
        MetricTable shown = page.metrics();
        int compared = 0;
        for (ProfiledKernel kernel : page.kernels()) {
            for (int row = shown.begin(kernel.index()); row < shown.end(kernel.index()); row++) {
                int recorded = report.metrics().find(kernel.index(), shown.name(row));
                assertThat(recorded).as(shown.name(row)).isNotNegative();
                if (shown.type(row) != MetricTable.Type.TEXT) {
                    double step = shown.unit(row).text().isEmpty() ? 0.0051 : 1e-6 * shown.unit(row).scale();
                    double want = report.metrics().number(recorded);
                    assertThat(Math.abs(shown.baseValue(row) - want)).as(shown.name(row))
                            .isLessThanOrEqualTo(step + 1e-12 * Math.abs(want));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = { "scale_nvdisasm.txt.gz", "scale_cuobjdump.txt.gz" })
    void disassembly_asTheToolkitPrintsIt_fitsTheCodeAndItsMetrics(String listing) throws Exception {
        KernelReport report = open("scale.ncu-rep.gz");
        SequencedMap<String, List<Instruction>> functions;
        try (Reader text = text(listing)) {
            functions = Disassembler.parse(text);
        }
        assertThat(functions).hasSize(2);
        for (ProfiledKernel kernel : report.kernels()) {
            List<Instruction> code = Objects.requireNonNull(functions.get(kernel.name().mangled()));
            Cubin cubin = report.modules().stream().flatMap(m -> m.cubin().stream()).findFirst().orElseThrow();
            assertThat(cubin.function(kernel.name().mangled()).orElseThrow().bytes()).isEqualTo(16 * code.size());
            assertThat(code.getFirst()).isEqualTo(new Instruction(0, "LDC R1, c[0x0][0x28]"));
            MetricTable metrics = report.metrics();
            int executed = metrics.find(kernel.index(), "inst_executed");
            long entry = report.entryAddress(kernel).orElseThrow();
            List<Instruction> hit = new ArrayList<>();
            for (int i = metrics.instanceBegin(executed); i < metrics.instanceEnd(executed); i++) {
                hit.add(code.get((int) (metrics.correlation(i) - entry) / 16));
            }
            assertThat(hit).extracting(Instruction::text).contains("EXIT");
            assertThat(hit.getFirst().offset()).isZero();
        }
    }

    @Test
    void disassembler_whereNoneIsInstalled_isAbsent() {
        assertThat(Disassembler.find(Map.of("PATH", "/nowhere", "CUDA_HOME", "/nowhere/else"), Path.of("/nowhere")))
                .isEmpty();
    }

    @Test
    void sources_compiledWithLines_areEmbedded() throws Exception {
        KernelReport report = open("scale.ncu-rep.gz");
        assertThat(report.modules()).flatExtracting(m -> m.files().stream().map(f -> f.path()).toList())
                .containsExactly("/tmp/n/scale.cu");
        assertThat(report.modules().getFirst().files().getFirst().content()).contains("x[i] *= a;");
        assertThat(report.modules()).extracting(m -> m.architecture()).containsOnly("sm_90");
    }
}
