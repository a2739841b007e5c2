package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Figure;
import org.moelab.gpu.bench.SweepReport.Figures;
import org.moelab.gpu.bench.SweepReport.Point;
import org.moelab.gpu.bench.SweepReport.Sweep;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

class SweepRunTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Workload WORKLOAD = new Workload(1, 3, 2, 0, 2);
    private static final SweepReport BEGUN = new SweepReport(SweepReport.VERSION, false, "2026-01-31T12:00:00+01:00",
            Optional.empty(),
            new SweepReport.Asked("tiny", "baseline", 1, 3, 2, 2, "cpu",
                    List.of(new Sweep("batch", List.of("1", "2")), new Sweep("context", List.of("5")),
                            new Sweep("precision", List.of("bf16")), new Sweep("prompt", List.of("4", "200000")),
                            new Sweep("gpus", List.of("1")))),
            new RunReport.Machine("Linux 6", "amd64", 16, "CPU reference", Optional.empty()),
            new RunReport.Versions("0.1", "25", Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty()),
            new RunReport.Model("tiny", 4, 8, 4, 256, 256, 1024, 8, 2, 64), List.of());

    @TempDir
    private Path folder = Path.of("");
    private final CpuEngine tiny = new CpuEngine(CpuWeights.of(new RandomWeights(MoeConfig.tiny(), "tiny", 20)));
    private final List<String> begun = new ArrayList<>();
    private final List<SweepReport> reports = new ArrayList<>();

    private SweepReport run(SweepReport from, int most) throws IOException {
        return new SweepRun(new SweepRun.Setting(tiny, CATALOGUE, Set.of(), WORKLOAD), new SweepRun.Progress() {
            @Override
            public void begins(double done, SweepAxis axis, String value) {
                begun.add(axis.label() + " " + value);
            }

            @Override
            public void report(SweepReport report) {
                reports.add(report);
            }

            @Override
            public boolean stopped() {
                return reports.size() >= most;
            }
        }).run(from, () -> "2026-01-31T12:01:00+01:00");
    }

    @Test
    void run_ofAllAxes_hasFiguresOrAReasonForEachPoint() throws IOException {
        SweepReport report = run(BEGUN, Integer.MAX_VALUE);

        assertThat(report.complete()).isTrue();
        assertThat(reports).extracting(SweepReport::complete).containsOnlyOnce(true).last().isEqualTo(true);
        assertThat(begun).containsExactly("batch 1", "batch 2", "context 5", "precision bf16", "prompt 4",
                "prompt 200000", "gpus 1");
        Point two = report.axis("batch").orElseThrow().at("2").orElseThrow();
        Figure decode = two.figures().flatMap(Figures::decode).orElseThrow();
        assertThat(two.batch()).isEqualTo(2);
        assertThat(decode.unit()).isEqualTo("tokens/s");
        assertThat(decode.runs()).isEqualTo(2);
        assertThat(decode.low()).isLessThanOrEqualTo(decode.median()).isPositive();
        assertThat(decode.median()).isLessThanOrEqualTo(decode.high());
        Point context = report.axis("context").orElseThrow().points().getFirst();
        assertThat(context.prompt()).isEqualTo(5);
        assertThat(context.figures().flatMap(Figures::tpot)).isPresent();
        Point prompt = report.axis("prompt").orElseThrow().points().getFirst();
        assertThat(prompt.generate()).isEqualTo(1);
        assertThat(prompt.figures().flatMap(Figures::tpot)).isEmpty();
        assertThat(report.axis("prompt").orElseThrow().at("200000").flatMap(Point::refused).orElseThrow())
                .contains("do not fit");
        assertThat(report.axis("precision").orElseThrow().at("bf16").flatMap(Point::refused).orElseThrow())
                .contains("CPU engine");
        Axis gpus = report.axis("gpus").orElseThrow();
        assertThat(gpus.at("1").flatMap(Point::refused).orElseThrow()).contains("no GPU");
        assertThat(gpus.notMeasured().orElseThrow()).contains("more than one GPU");
        assertThat(Schema.faults(SweepFile.write(folder, report), "sweeps.schema.json")).isEmpty();
        assertThat(SweepFile.read(folder)).contains(report);
    }

    @Test
    void run_stoppedAndGoneOn_measuresEachPointOnce() throws IOException {
        SweepReport stopped = run(BEGUN, 1);
        assertThat(stopped.complete()).isFalse();
        Point first = stopped.axis("batch").orElseThrow().at("1").orElseThrow();

        SweepReport whole = run(stopped, Integer.MAX_VALUE);

        assertThat(whole.complete()).isTrue();
        assertThat(whole.axis("batch").orElseThrow().at("1")).contains(first);
        assertThat(whole.axes()).extracting(axis -> axis.points().size()).containsExactly(2, 1, 1, 2, 1);
    }

    @Test
    void read_noFileOrADamagedOne_isEmptyOrRefusedByName() throws IOException {
        assertThat(SweepFile.read(folder)).isEmpty();
        Path file = folder.resolve(SweepFile.NAME);
        Files.writeString(file, "{\"version\": 9}");
        assertThatIOException().isThrownBy(() -> SweepFile.read(folder)).withMessageContaining(file.toString())
                .withMessageContaining("newer");
    }

    @Test
    void techniques_ofEachPrecision_areTheLayersWithThatFormOfWeights() {
        Set<String> top = CATALOGUE.upTo(CATALOGUE.top());
        assertThat(SweepAxis.PRECISION.techniques(top, "bf16", CATALOGUE)).doesNotContain("mxfp4", "fp8", "fp8-kv")
                .contains("cuda-graphs");
        assertThat(SweepAxis.PRECISION.techniques(top, "mxfp4", CATALOGUE)).contains("mxfp4").doesNotContain("fp8");
        assertThat(SweepAxis.PRECISION.techniques(top, "fp8", CATALOGUE)).isEqualTo(top);
        assertThat(SweepAxis.PRECISION.techniques(top, "fp8-kv", CATALOGUE)).contains("mxfp4", "fp8", "fp8-kv");
        assertThat(SweepAxis.BATCH.techniques(top, "8", CATALOGUE)).isEqualTo(top);
    }

    @ParameterizedTest
    @CsvSource({ "batch, 0", "batch, x", "context, -1", "prompt, 1.5", "precision, fp4", "gpus, 2" })
    void value_thatMeansNothing_isAProblemThatNamesIt(String axis, String value) {
        assertThat(SweepAxis.of(axis).flatMap(a -> a.problem(value))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({ "batch, 8", "context, 4096", "prompt, 1", "precision, fp8-kv", "gpus, 1" })
    void value_thatCanRun_isNoProblem(String axis, String value) {
        assertThat(SweepAxis.of(axis).flatMap(a -> a.problem(value))).isEmpty();
    }
}
