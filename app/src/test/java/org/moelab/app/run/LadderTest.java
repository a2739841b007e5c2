package org.moelab.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.Spread;
import org.moelab.gpu.technique.Catalogue;

class LadderTest {
    private static final StoredRun RUN = KeptRun.read();

    @TempDir
    private Path folder;

    private static Ladder ladder(StoredRun run, RunPhase phase) {
        return Ladder.of(run, phase, Catalogue.load());
    }

    /// The kept run with only some of its layers.
    private static StoredRun with(List<String> layers, List<LayerFailure> failures) {
        RunReport r = RUN.report();
        return new StoredRun(RUN.folder(), new RunReport(r.version(), r.complete(), r.started(), r.finished(),
                r.asked(), r.machine(), r.versions(), r.model(), r.loadSeconds(), r.startToFirstTokenSeconds(),
                r.ceilings(), r.layers().stream().filter(l -> layers.contains(l.layer())).toList(),
                r.expertLoads(), r.tuning(), failures, r.notes()));
    }

    @Test
    void runOfAnOlderBuild_withoutExpertLoads_isReadAllTheSame() {
        assertThat(RUN.report().expertLoads()).isEmpty();
        assertThat(RUN.layers()).hasSize(7);
    }

    @Test
    void speedups_ofTheKeptRun_areTheRatiosOfItsMedians() {
        Ladder ladder = ladder(RUN, RunPhase.DECODE);

        assertThat(ladder.rungs()).extracting(Ladder.Rung::id).containsExactly("baseline", "1", "2", "3", "4", "5",
                "6");
        assertThat(ladder.rungs().getFirst().cumulative()).isEmpty();
        assertThat(ladder.rungs().getFirst().incremental()).isEmpty();
        Ladder.Rung first = ladder.rung("1").orElseThrow();
        assertThat(first.cumulative().orElseThrow().factor()).isCloseTo(8.837631 / 4.892671, within(1e-12));
        assertThat(first.cumulative()).isEqualTo(first.incremental());
        assertThat(first.cumulative().orElseThrow().low()).isCloseTo(8.783872 / 4.894975, within(1e-12));
        assertThat(first.cumulative().orElseThrow().high()).isCloseTo(8.840191 / 4.891904, within(1e-12));
        assertThat(ladder.rung("6").orElseThrow().cumulative().orElseThrow().factor())
                .isCloseTo(8.837631 / 1.922943, within(1e-12));
        assertThat(ladder(RUN, RunPhase.PREFILL).rung("6").orElseThrow().incremental().orElseThrow().factor())
                .isCloseTo(51.970047 / 17.512447, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(RunPhase.class)
    void incrementalSpeedups_multiplied_areTheCumulativeOne(RunPhase phase) {
        Ladder ladder = ladder(RUN, phase);

        double product = ladder.measured().stream().flatMap(r -> r.incremental().stream())
                .mapToDouble(Speedup::factor).reduce(1, (a, b) -> a * b);

        assertThat(product).isCloseTo(
                ladder.measured().getLast().cumulative().orElseThrow().factor(), within(1e-9));
    }

    @Test
    void layers_thatTheRunLacks_areThereWithoutAResult() {
        Ladder ladder = ladder(with(List.of("baseline", "3", "6"), List.of(new LayerFailure("4", List.of(), "full"))),
                RunPhase.DECODE);

        assertThat(ladder.rungs()).hasSize(7);
        assertThat(ladder.rung("1").orElseThrow().result()).isEmpty();
        assertThat(ladder.rung("1").orElseThrow().cumulative()).isEmpty();
        assertThat(ladder.rung("4").orElseThrow().failure()).contains("full");
        assertThat(ladder.measured()).extracting(Ladder.Rung::id).containsExactly("baseline", "3", "6");
        assertThat(ladder.rung("6").orElseThrow().incremental().orElseThrow().factor())
                .as("over layer 3, the one below in the run").isCloseTo(2.758271 / 1.922943, within(1e-12));
    }

    @Test
    void speedup_withinTheRepeats_isNoise() {
        Spread before = new Spread(3, 9, 10, 11, 11, 11, 10);

        assertThat(Speedup.of(before, new Spread(3, 9.5, 10.5, 11, 11, 11, 10.5)).withinNoise()).isTrue();
        assertThat(Speedup.of(before, new Spread(3, 4, 5, 6, 6, 6, 5)).withinNoise()).isFalse();
        assertThat(Speedup.of(before, new Spread(1, 10, 10, 10, 10, 10, 10)).repeated()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(RunPhase.class)
    void gains_ofAnyTwoLayers_sumToTheCapturedStep(RunPhase phase) {
        for (RunReport.LayerResult before : RUN.layers()) {
            for (RunReport.LayerResult after : RUN.layers()) {
                List<OperationGains.Row> rows = OperationGains.of(before, after, phase).orElseThrow().rows();
                List<OperationGains.Row> parts = rows.stream().filter(r -> switch (r.part()) {
                    case FAMILY, REST, IDLE -> true;
                    case OPERATION, STEP -> false;
                }).toList();
                OperationGains.Row step = rows.getLast();

                assertThat(step.part()).isEqualTo(OperationGains.Part.STEP);
                assertThat(parts.stream().mapToDouble(r -> r.beforeMs().orElse(0.0)).sum())
                        .isCloseTo(step.beforeMs().orElseThrow(), within(1e-9));
                assertThat(parts.stream().mapToDouble(OperationGains.Row::savedMs).sum())
                        .isCloseTo(step.savedMs(), within(1e-9));
                for (OperationGains.Row family : parts) {
                    assertThat(rows.stream().filter(r -> r.part() == OperationGains.Part.OPERATION
                            && r.family().equals(family.name())).mapToDouble(OperationGains.Row::savedMs).sum())
                            .isCloseTo(family.part() == OperationGains.Part.FAMILY ? family.savedMs() : 0,
                                    within(1e-9));
                }
            }
        }
    }

    @Test
    void gains_fusedOperation_isThereOnItsOwnSideOnly() {
        List<OperationGains.Row> rows = OperationGains.of(RUN.layer("baseline").orElseThrow(),
                RUN.top(), RunPhase.DECODE).orElseThrow().rows();

        OperationGains.Row separate = rows.stream().filter(r -> r.name().equals("attention/q")).findFirst()
                .orElseThrow();
        assertThat(separate.beforeMs().orElseThrow()).isCloseTo(1633.909 / 1e3 / 8, within(1e-9));
        assertThat(separate.afterMs()).isEmpty();
        assertThat(rows.stream().filter(r -> r.name().equals("attention/out")).findFirst().orElseThrow()
                .implementation()).isEqualTo("cublasLt → gemv_bf16_residual_t1");
    }

    @Test
    void timeline_ofALayer_leadsBackToIt() {
        for (String id : List.of("4", "6")) {
            Path file = RUN.timeline(RUN.layer(id).orElseThrow()).orElseThrow();
            assertThat(RUN.layerOf(file)).map(RunReport.LayerResult::layer).contains(id);
        }
        assertThat(RUN.timeline(RUN.layer("1").orElseThrow())).as("its file is not in the directory").isEmpty();
        assertThat(RUN.layerOf(Path.of("elsewhere.json"))).isEmpty();
    }

    @Test
    void isRun_directoryAndItsReport_areOne() throws IOException {
        assertThat(StoredRun.isRun(KeptRun.FOLDER)).isTrue();
        assertThat(StoredRun.isRun(KeptRun.FOLDER.resolve(RunFile.NAME))).isTrue();
        assertThat(StoredRun.isRun(KeptRun.FOLDER.resolve("6.trace.json.gz"))).isFalse();
        assertThat(StoredRun.isRun(folder)).isFalse();
        assertThat(StoredRun.read(KeptRun.FOLDER.resolve(RunFile.NAME)).folder()).isEqualTo(KeptRun.FOLDER);
    }

    @Test
    void read_runWithoutAnyLayer_isRefusedWithTheReason() throws IOException {
        RunFile.write(folder, with(List.of(), List.of(new LayerFailure("6", List.of(), "out of memory"))).report());

        assertThatIOException().isThrownBy(() -> StoredRun.read(folder))
                .withMessageContaining("run.json: no layer gave a result: out of memory");
    }

    @Test
    void read_damagedReport_namesTheFile() throws IOException {
        Files.writeString(folder.resolve(RunFile.NAME), "{ \"version\": 2, ");

        assertThatIOException().isThrownBy(() -> StoredRun.read(folder)).withMessageContaining("run.json");
    }
}
