package org.moelab.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.report.Said.cell;
import static org.moelab.app.report.Said.flat;
import static org.moelab.app.report.Said.number;
import static org.moelab.app.report.Said.table;
import static org.moelab.app.report.Said.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.document.Table.Row;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.StoredRun;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.SweepFile;
import org.moelab.gpu.bench.SweepReport;
import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Figure;
import org.moelab.gpu.bench.SweepReport.Figures;
import org.moelab.gpu.bench.SweepReport.Point;
import org.moelab.gpu.bench.SweepReport.Sweep;
import org.moelab.traces.model.ImportMonitor;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The section of sweeps, on planted ones beside a kept run: their figures are made up.
final class SweepsTest {
    private static final LocalDate DATE = LocalDate.of(2026, 11, 29);

    @TempDir
    private Path folder = Path.of("");
    private String started = "2026-11-29T00:00:00Z";

    @BeforeEach
    void copyRun() throws IOException {
        Files.copy(KeptRun.WITH_LOADS.resolve("run.json"), folder.resolve("run.json"));
    }

    private static Figure figure(String unit, double median) {
        return new Figure(unit, median, median * 0.875, median * 1.25, 3);
    }

    private static Point point(String value, Optional<Double> decode, double prefill) {
        return new Point(value, 1, 512, 128, List.of("mxfp4"), Optional.of(new Figures(figure("ms", 3.5),
                figure("tokens/s", prefill), decode.map(d -> figure("ms", 1000 / d)),
                decode.map(d -> figure("tokens/s", d)))), Optional.empty());
    }

    private static Point refused(String value, String why) {
        return new Point(value, 1, 512, 128, List.of("mxfp4"), Optional.empty(), Optional.of(why));
    }

    private static final Axis BATCH = new Axis("batch", "sequences side by side", "sequences", Optional.empty(),
            List.of(point("1", Optional.of(400.0), 20000), point("32", Optional.of(4800.5), 60000),
                    refused("512", "512 sequences do not fit")));
    private static final Axis PROMPT = new Axis("prompt", "tokens of each prompt", "tokens", Optional.empty(),
            List.of(point("128", Optional.empty(), 9000), point("2048", Optional.empty(), 33000)));
    private static final Axis PRECISION = new Axis("precision", "the form of the weights", "", Optional.empty(),
            List.of(point("bf16", Optional.of(150.0), 15000), point("mxfp4", Optional.of(300.0), 19000)));
    private static final Axis GPUS = new Axis("gpus", "GPUs that the model is spread over", "GPUs",
            Optional.of("more than one GPU: not built"), List.of(point("1", Optional.of(400.0), 20000)));

    private Document report(boolean draws, boolean complete, Axis... axes) throws IOException {
        RunReport run = StoredRun.read(folder).report();
        List<Sweep> asked = List.of(new Sweep("batch", List.of("1", "32", "512")), new Sweep("context",
                List.of("512")));
        SweepFile.write(folder, new SweepReport(SweepReport.VERSION, complete, started,
                Optional.empty(), new SweepReport.Asked("gpt-oss-20b", "6", 1, 512, 128, 3, "cuda", asked),
                run.machine(), run.versions(), run.model(), List.of(axes)));
        return RunReports.document(StoredRun.read(folder), DATE, ImportMonitor.NONE, draws);
    }

    @Test
    void points_everyFigure_isThatOfTheFile() throws IOException {
        Document report = report(true, true, BATCH);
        JsonNode points = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("sweeps.json")))
                .at("/axes/0/points");
        Table table = table(report, "sweep-batch");
        assertThat(table.rows()).hasSize(3);
        for (int i = 0; i < 2; i++) {
            JsonNode figures = points.get(i).get("figures");
            Row row = table.rows().get(i);
            assertThat(number(table, row, "Batch")).isEqualTo(points.get(i).get("value").asDouble());
            assertThat(number(table, row, "Decode")).isEqualTo(figures.at("/decode/median").asDouble());
            assertThat(number(table, row, "Decode low")).isEqualTo(figures.at("/decode/low").asDouble());
            assertThat(number(table, row, "Decode high")).isEqualTo(figures.at("/decode/high").asDouble());
            assertThat(number(table, row, "TPOT")).isEqualTo(figures.at("/tpot/median").asDouble());
            assertThat(number(table, row, "Prefill")).isEqualTo(figures.at("/prefill/median").asDouble());
            assertThat(number(table, row, "Prefill low")).isEqualTo(figures.at("/prefill/low").asDouble());
            assertThat(number(table, row, "Prefill high")).isEqualTo(figures.at("/prefill/high").asDouble());
            assertThat(number(table, row, "TTFT")).isEqualTo(figures.at("/ttft/median").asDouble());
            assertThat(number(table, row, "Runs")).isEqualTo(3);
        }
    }

    @Test
    void point_refused_hasNoFigureAndItsReason() throws IOException {
        Document report = report(true, true, BATCH);
        Table table = table(report, "sweep-batch");
        assertThat(cell(table, table.rows().getLast(), "Decode")).isEqualTo(new Cell.Absent("refused"));
        assertThat(text(report, "sweeps")).contains("Not measured, batch 512: 512 sequences do not fit");
    }

    @Test
    void sweep_ofPrompts_saysNothingOfDecode() throws IOException {
        Table table = table(report(true, true, PROMPT), "sweep-prompt");
        assertThat(table.columns()).noneMatch(c -> c.name().startsWith("Decode") || c.name().equals("TPOT"));
    }

    @Test
    void sweep_ofGpus_saysWhatIsNotMeasured() throws IOException {
        Document report = report(true, true, GPUS);
        assertThat(text(report, "sweeps")).contains("Not measured: more than one GPU: not built.");
        assertThat(table(report, "sweep-gpus").columns().getFirst().name()).isEqualTo("GPUs");
    }

    @Test
    void sweeps_incomplete_areMarkedAndNameWhatIsMissing() throws IOException {
        assertThat(text(report(true, false, BATCH), "sweeps")).contains("is not complete",
                "Asked for and not measured: context.");
        assertThat(text(report(true, true, BATCH), "sweeps")).doesNotContain("is not complete");
    }

    @Test
    void sweeps_ofAnEarlierRunInTheFolder_areSaidNotToBeOfThisOne() throws IOException {
        assertThat(text(report(true, true, BATCH), "sweeps")).doesNotContain("not of this run");

        started = "2020-01-01T00:00:00Z";

        assertThat(text(report(true, true, BATCH), "sweeps")).contains("not of this run",
                "before the run began, at 2020-01-01T00:00:00Z");
    }

    @Test
    void sweeps_whereJavaCannotDraw_haveTablesOnly() throws IOException {
        assertThat(charts(report(true, true, BATCH, PRECISION))).containsExactly("sweep-batch-chart",
                "sweep-precision-chart");
        Document plain = report(false, true, BATCH, PRECISION);
        assertThat(charts(plain)).isEmpty();
        assertThat(table(plain, "sweep-precision").rows()).hasSize(2);
    }

    private static List<String> charts(Document report) {
        return report.sections().stream().filter(s -> s.id().equals("sweeps")).flatMap(s -> flat(s.blocks()))
                .filter(Chart.class::isInstance).map(b -> ((Chart) b).id()).toList();
    }

    @Test
    void chart_tellsRatesValuesAndRefusals() throws IOException {
        String svg = svg(BATCH);
        assertThat(svg).contains(">400<", ">4,801<", ">20,000<", ">512<", ">refused<", ">logarithmic<");
        assertThat(svg(PRECISION)).contains(">bf16<", ">mxfp4<", ">from zero<").doesNotContain(">logarithmic<",
                ">refused<");
    }

    private String svg(Axis axis) throws IOException {
        Chart chart = report(true, true, axis).sections().stream().flatMap(s -> flat(s.blocks()))
                .filter(Chart.class::isInstance).map(Chart.class::cast).filter(c -> c.id().startsWith("sweep-"))
                .findFirst().orElseThrow();
        Path file = folder.resolve("chart.svg");
        FigureWriter.preferred(chart.figure(), Palette.LIGHT, 1).write(chart.figure(), new Caption("", "", DATE), file);
        return Files.readString(file);
    }

    @Test
    void sweeps_ofTheRun_areInTheCommandsThatReproduceIt() throws IOException {
        assertThat(text(report(true, true, BATCH), "reproduction"))
                .contains("--sweep batch=1,32,512 --sweep context=512");
        started = "2020-01-01T00:00:00Z";
        assertThat(text(report(true, true, BATCH), "reproduction")).doesNotContain("--sweep");
    }

    @Test
    void sweeps_ofAnotherBuild_areLeftAsideInALine() throws IOException {
        report(true, true, BATCH);
        String text = Files.readString(folder.resolve("sweeps.json"));
        String commit = StoredRun.read(folder).report().versions().commit().orElseThrow();
        Files.writeString(folder.resolve("sweeps.json"), text.replace(commit, "0123456789ab"));
        Document report = RunReports.document(StoredRun.read(folder), DATE, ImportMonitor.NONE, true);
        assertThat(report.sections().stream().filter(s -> s.id().equals("sweeps")).findFirst().orElseThrow().blocks())
                .singleElement().isInstanceOfSatisfying(Block.Note.class, note -> assertThat(note.text())
                        .contains("sweeps.json is left aside", "of commit 0123456789ab"));
        assertThat(text(report, "summary")).contains("sweeps.json is left aside");
    }

    @Test
    void sweeps_damagedOrAbsent_keepTheReport() throws IOException {
        Document without = RunReports.document(StoredRun.read(folder), DATE, ImportMonitor.NONE, true);
        assertThat(without.sections()).extracting(Section::id).doesNotContain("sweeps");
        Files.writeString(folder.resolve("sweeps.json"), "{ \"version\": 1, ");
        Document damaged = RunReports.document(StoredRun.read(folder), DATE, ImportMonitor.NONE, true);
        assertThat(damaged.sections().stream().filter(s -> s.id().equals("sweeps")).findFirst().orElseThrow().blocks())
                .singleElement().isEqualTo(new Block.Note(true, "sweeps.json cannot be read."));
    }
}
