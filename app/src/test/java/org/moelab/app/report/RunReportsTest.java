package org.moelab.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.moelab.app.report.Said.cell;
import static org.moelab.app.report.Said.flat;
import static org.moelab.app.report.Said.number;
import static org.moelab.app.report.Said.table;
import static org.moelab.app.report.Said.tables;
import static org.moelab.app.report.Said.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.document.Table.Rank;
import org.moelab.app.report.document.Table.Row;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.DeviceUse;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.traces.model.ImportMonitor;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the reports of the kept runs say, whatever their format.
final class RunReportsTest {
    private static final LocalDate DATE = LocalDate.of(2026, 11, 29);
    private static final StoredRun RUN = KeptRun.readWithLoads();
    private static final Document REPORT = RunReports.document(RUN, DATE, ImportMonitor.NONE, true);

    @TempDir
    Path folder;

    @Test
    void sections_ofAWholeRun_areAllThere() {
        assertThat(REPORT.sections()).extracting(Section::id).containsExactly("summary", "hardware", "layers",
                "techniques", "roofline", "kernels", "differences", "experts", "advice", "earlier", "targets",
                "artefacts",
                "reproduction");
        assertThat(REPORT.warning()).isEmpty();
    }

    @Test
    void report_whereJavaCannotDraw_hasAllTablesAndSaysWhatIsMissing() {
        Document plain = RunReports.document(RUN, DATE, ImportMonitor.NONE, false);
        assertThat(plain.sections().stream().flatMap(s -> flat(s.blocks()))).doesNotHaveAnyElementsOfTypes(
                Block.Chart.class);
        assertThat(tables(plain).map(Table::id)).containsExactlyElementsOf(tables(REPORT).map(Table::id).toList());
        assertThat(plain.warning()).hasValueSatisfying(w -> assertThat(w)
                .startsWith("Without charts: the Java that wrote this cannot draw."));
    }

    @Test
    void ids_ofTablesAndCharts_areUnique() {
        List<String> ids = REPORT.sections().stream().flatMap(s -> Stream.concat(Stream.of(s.id()), flat(s.blocks())
                .flatMap(b -> switch (b) {
                    case Table t -> Stream.of(t.id());
                    case Block.Chart c -> Stream.of(c.id());
                    default -> Stream.empty();
                }))).toList();
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(30);
    }

    @Test
    void columns_ofAllTables_haveSources() {
        assertThat(tables(REPORT).flatMap(t -> t.columns().stream()))
                .allSatisfy(c -> assertThat(c.source()).as(c.name()).isNotBlank());
    }

    /// Read from the file itself, so that no error of ours can hide in the way there.
    @ParameterizedTest
    @ValueSource(strings = { "decode", "prefill" })
    void layerTable_everyFigure_isThatOfRunJson(String phase) throws IOException {
        JsonNode layers = JsonMapper.shared().readTree(Files.readAllBytes(KeptRun.WITH_LOADS.resolve("run.json")))
                .get("layers");
        Table table = table(REPORT, "speed-" + phase);
        String time = phase.equals("decode") ? "tpot_ms" : "ttft_ms";
        double lowest = layers.get(0).get(time).get("p50").asDouble();
        assertThat(table.rows()).hasSameSizeAs(layers);
        for (int i = 0; i < layers.size(); i++) {
            JsonNode layer = layers.get(i);
            Row row = table.rows().get(i);
            double p50 = layer.get(time).get("p50").asDouble();
            assertThat(number(table, row, "Rate")).isEqualTo(layer.get(phase + "_tokens_per_second").asDouble());
            assertThat(number(table, row, phase.equals("decode") ? "TPOT p50" : "TTFT p50")).isEqualTo(p50);
            assertThat(number(table, row, "Techniques")).isEqualTo(layer.get("techniques").size());
            if (i > 0) {
                assertThat(number(table, row, "In all")).isCloseTo(lowest / p50, within(1e-12));
                double below = layers.get(i - 1).get(time).get("p50").asDouble();
                assertThat(number(table, row, "Of its own")).isCloseTo(below / p50, within(1e-12));
            }
        }
    }

    @Test
    void latencies_areThoseOfRunJson() throws IOException {
        JsonNode layers = JsonMapper.shared().readTree(Files.readAllBytes(KeptRun.WITH_LOADS.resolve("run.json")))
                .get("layers");
        Table table = table(REPORT, "latency");
        for (int i = 0; i < layers.size(); i++) {
            Row row = table.rows().get(i);
            assertThat(number(table, row, "TTFT p90")).isEqualTo(layers.get(i).at("/ttft_ms/p90").asDouble());
            assertThat(number(table, row, "Step p99")).isEqualTo(layers.get(i).at("/inter_token_ms/p99").asDouble());
            assertThat(number(table, row, "Step max")).isEqualTo(layers.get(i).at("/inter_token_ms/max").asDouble());
        }
    }

    @Test
    void differences_ofEveryPair_sumToTheStep() {
        List<Table> gains = tables(REPORT).filter(t -> t.id().startsWith("gains-")).toList();
        assertThat(gains).hasSize(2 * RUN.layers().size());
        for (Table table : gains) {
            for (int column = 1; column <= 3; column++) {
                assertThat(sum(table, Rank.GROUP, column)).as(table.caption())
                        .isCloseTo(sum(table, Rank.SUM, column), within(1e-6));
            }
        }
    }

    @Test
    void differences_ofEachFamily_sumToTheirOperations() {
        for (Table table : tables(REPORT).filter(t -> t.id().startsWith("gains-")).toList()) {
            double operations = sum(table, Rank.PLAIN, 3);
            double families = table.rows().stream().filter(r -> r.rank() == Rank.GROUP)
                    .filter(r -> !List.of("idle", "other work, less what ran at the same time")
                            .contains(((Cell.Text) r.cells().getFirst()).value()))
                    .mapToDouble(r -> ((Cell.Value) r.cells().get(3)).number()).sum();
            assertThat(operations).as(table.caption()).isCloseTo(families, within(1e-6));
        }
    }

    private static double sum(Table table, Rank rank, int column) {
        return table.rows().stream().filter(r -> r.rank() == rank).map(r -> r.cells().get(column))
                .filter(Cell.Value.class::isInstance).mapToDouble(c -> ((Cell.Value) c).number()).sum();
    }

    @ParameterizedTest
    @ValueSource(strings = { "decode", "prefill" })
    void kernels_ofAPhase_areAsManyAsTheRunCounted(String phase) {
        Table table = table(REPORT, "kernels-" + phase);
        PhaseCost cost = RunPhase.ofLabel(phase).flatMap(p -> p.cost(RUN.top())).orElseThrow();
        long kernels = cost.device().map(DeviceUse::kernels).orElseThrow();
        Row all = table.rows().getLast();
        assertThat(all.rank()).isEqualTo(Rank.SUM);
        assertThat(number(table, all, "Calls") * cost.steps()).isCloseTo((double) kernels, within(1e-6));
        assertThat(table.rows().stream().filter(r -> r.rank() == Rank.PLAIN).mapToDouble(r -> number(table, r, "Time"))
                .sum()).isCloseTo(number(table, all, "Time"), within(1e-6));
    }

    @Test
    void errors_standBesideTheirBounds() {
        Table table = table(REPORT, "errors");
        Row baseline = table.rows().getFirst();
        Row top = table.rows().getLast();
        assertThat(number(table, baseline, "Bound")).isEqualTo(2e-2);
        assertThat(number(table, top, "Bound")).as("FP8 is on").isEqualTo(6e-2);
        assertThat(number(table, top, "Decode")).isEqualTo(RUN.top().check().orElseThrow().decodeError());
    }

    @Test
    void energy_isThatOfAllRunsOverTheirTokens() {
        Table table = table(REPORT, "resources");
        LayerResult top = RUN.top();
        assertThat(number(table, table.rows().getLast(), "Energy"))
                .isCloseTo(top.energyJoules().orElseThrow() / (1 * 128 * 3), within(1e-12));
    }

    @Test
    void run_withoutAblations_saysThatTheyAreNotMeasured() {
        assertThat(RUN.ablations()).isEmpty();
        assertThat(text(REPORT, "techniques")).contains("was not measured").contains("moelab ablate");
        assertThat(text(REPORT, "summary")).contains("no ablations").contains("no kernel counters");
    }

    @Test
    void run_withoutLoadsAndTimelines_saysSo() {
        StoredRun run = KeptRun.read();
        Document report = RunReports.document(run, DATE, ImportMonitor.NONE, true);
        assertThat(text(report, "experts")).contains("Not measured");
        assertThat(text(report, "summary")).contains("no captured timeline of the baseline, layer 1")
                .contains("no expert loads");
    }

    @Test
    void run_incomplete_isMarked() throws IOException {
        Path copy = edited("\"complete\" : true", "\"complete\" : false");
        Document report = RunReports.document(StoredRun.read(copy), DATE, ImportMonitor.NONE, true);
        assertThat(report.warning()).hasValueSatisfying(w -> assertThat(w).startsWith("Incomplete"));
        assertThat(text(report, "summary")).contains("did not come to its end");
        assertThat(text(report, "kernels")).as("the copy has no timelines").contains("no longer in the directory");
    }

    @Test
    void artefacts_areTheFilesOfTheDirectory() throws IOException {
        Table table = table(REPORT, "files");
        try (Stream<Path> files = Files.list(KeptRun.WITH_LOADS)) {
            assertThat(table.rows().stream().filter(r -> r.rank() == Table.Rank.PLAIN))
                    .extracting(r -> ((Cell.Text) r.cells().getFirst()).value())
                    .containsExactlyElementsOf(files.map(f -> f.getFileName().toString()).sorted().toList());
        }
        assertThat(number(table, table.rows().get(table.rows().size() - 2), "Size"))
                .isEqualTo(Files.size(KeptRun.WITH_LOADS.resolve("run.json")) / 1e3);
    }

    @Test
    void reproduction_isTheCommandThatWasAsked() {
        assertThat(text(REPORT, "reproduction")).contains("moelab run --model gpt-oss-20b --layers"
                + " baseline,1,2,3,4,5,6 --batch 1 --prompt 512 --generate 128 --repeats 3 --device auto"
                + " --profile minimal --profile-steps 8 -o DIR").contains("records no seed");
    }

    @Test
    void layer_thatFailed_hasAWordInItsRowAndItsReasonBelow() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("failed"));
        RunReport r = KeptRun.readWithLoads().report();
        String why = "out of memory: 53.2 GB were asked for and 41.0 GB are free";
        RunFile.write(copy, new RunReport(r.version(), true, r.started(), r.finished(), r.asked(), r.machine(),
                r.versions(), r.model(), r.loadSeconds(), r.startToFirstTokenSeconds(), r.ceilings(),
                r.layers().stream().filter(l -> !l.layer().equals("3")).toList(), r.expertLoads(), r.tuning(),
                List.of(new RunReport.LayerFailure("3", List.of(), why)), r.notes()));
        Document report = RunReports.document(StoredRun.read(copy), DATE, ImportMonitor.NONE, false);
        Table table = table(report, "speed-decode");
        assertThat(table.rows()).extracting(row -> cell(table, row, "Rate")).contains(new Cell.Absent("failed"));
        assertThat(text(report, "layers")).contains("Layer 3 failed: " + why);
    }

    @Test
    void layer_alone_isNoWaterfall() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("alone"));
        RunReport r = KeptRun.readWithLoads().report();
        RunFile.write(copy, new RunReport(r.version(), true, r.started(), r.finished(), r.asked(), r.machine(),
                r.versions(), r.model(), r.loadSeconds(), r.startToFirstTokenSeconds(), r.ceilings(),
                List.of(r.layers().getLast()), r.expertLoads(), r.tuning(), List.of(), r.notes()));
        Section layers = RunReports.document(StoredRun.read(copy), DATE, ImportMonitor.NONE, true).sections().stream()
                .filter(section -> section.id().equals("layers")).findFirst().orElseThrow();
        assertThat(layers.blocks()).filteredOn(Block.Chart.class::isInstance)
                .extracting(block -> ((Block.Chart) block).id()).containsExactly("ladder-decode", "ladder-prefill");
    }

    @Test
    void reproduction_ofChangedLayers_namesTheChanges() throws IOException {
        String asked = Files.readString(KeptRun.WITH_LOADS.resolve("run.json"));
        String layers = asked.substring(asked.indexOf("\"layers\" : ["),
                asked.indexOf("]", asked.indexOf("\"layers\"")));
        Path copy = edited(layers, "\"layers\" : [ \"5\", \"6 with fp8-kv without tma,wgmma\"");
        assertThat(Reproduction.command(StoredRun.read(copy).report()))
                .contains("--layers 5,6 --with fp8-kv --without tma,wgmma --batch 1");
    }

    private Path edited(String from, String to) throws IOException {
        String text = Files.readString(KeptRun.WITH_LOADS.resolve("run.json"));
        assertThat(text).contains(from);
        Path copy = Files.createDirectory(folder.resolve("copy"));
        int at = text.indexOf(from);
        Files.writeString(copy.resolve("run.json"), text.substring(0, at) + to + text.substring(at + from.length()));
        return copy;
    }

    @Test
    void comparison_ofARunWithItself_findsNothing() {
        Document report = RunReports.document(RUN, RUN, DATE);
        assertThat(text(report, "summary")).contains("no layer of both differs by more than repeats do");
        assertThat(tables(report).filter(t -> t.id().startsWith("operations-"))).isNotEmpty()
                .allSatisfy(t -> assertThat(t.rows()).allSatisfy(r -> {
                    assertThat(number(t, r, "Difference")).isZero();
                    assertThat(((Cell.Text) cell(t, r, "Verdict")).value()).isIn(Verdict.NOISE, "–");
                }));
    }

    @Test
    void comparison_ofTwoRuns_sumsExactlyAndJudgesByTheRepeats() {
        StoredRun other = KeptRun.read();
        Document report = RunReports.document(other, RUN, DATE);
        for (Table table : tables(report).filter(t -> t.id().startsWith("operations-")).toList()) {
            assertThat(sum(table, Rank.GROUP, 3)).as(table.caption()).isCloseTo(sum(table, Rank.SUM, 3), within(1e-6));
        }
        Table decode = table(report, "compared-decode");
        Function<Row, Double> difference = r -> number(decode, r, "B p50") - number(decode, r, "A p50");
        assertThat(decode.rows()).isNotEmpty()
                .allSatisfy(r -> assertThat(number(decode, r, "Difference")).isEqualTo(difference.apply(r)));
        assertThat(decode.rows()).anySatisfy(
                r -> assertThat(((Cell.Text) cell(decode, r, "Verdict")).value()).isNotEqualTo(Verdict.NOISE));
    }

    @Test
    void comparison_ofDifferentWork_warns() throws IOException {
        Path copy = edited("\"prompt\" : 512", "\"prompt\" : 256");
        Document report = RunReports.document(RUN, StoredRun.read(copy), DATE);
        assertThat(text(report, "summary")).contains("did different work (prompt)");
    }
}
