package org.moelab.traces.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.Trace;

class ComparisonTest {
    private static Row row(Comparison comparison, String name) {
        return comparison.rows().stream().filter(r -> r.name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("no row " + name + " among "
                        + comparison.rows().stream().map(Row::name).toList()));
    }

    private static Comparison kernels(TimelineFixture a, TimelineFixture b) {
        return Comparison.of(a.build(), b.build(), Grouping.KERNEL);
    }

    @Test
    void of_sameNameInBoth_isMatchedByNameWithItsDifference() {
        Comparison comparison = kernels(
                new TimelineFixture().kernel("gemm", 7, 0, 10, 100).kernel("gemm", 7, 2, 200, 120),
                new TimelineFixture().kernel("gemm", 7, 0, 10, 70));

        assertThat(comparison.rows()).singleElement().isEqualTo(new Row(Change.MATCHED, MatchedBy.NAME,
                List.of("gemm"), List.of("gemm"), List.of(), new Spent(2, 220, List.of()),
                new Spent(1, 70, List.of())));
        assertThat(comparison.deltaNs()).isEqualTo(-150);
    }

    @Test
    void of_otherTileSizesAndTemplateNumbers_isMatchedByNormalisedName() {
        Comparison comparison = kernels(
                new TimelineFixture().kernel("void gemm_128x64_stages3<float, (int)4>(float*)", 7, 0, 10, 100)
                        .kernel("gemv_bf16_t1", 7, 2, 200, 10),
                new TimelineFixture().kernel("void gemm_256x128_stages4<float, (int)8>(float*)", 7, 0, 10, 90)
                        .kernel("gemv_bf16_t1__without_ilp", 7, 2, 200, 30));

        assertThat(comparison.rows()).extracting(Row::matchedBy).containsOnly(MatchedBy.NORMALIZED_NAME);
        assertThat(comparison.rows()).extracting(Row::deltaNs).containsExactly(20L, -10L);
    }

    @Test
    void of_otherFunctorOfTheSameFunction_isNotTakenForTheSameWhereTheNameIsAmbiguous() {
        Comparison comparison = kernels(
                new TimelineFixture().kernel("map<Add>", 7, 0, 10, 5).kernel("map<Mul>", 7, 2, 20, 5),
                new TimelineFixture().kernel("map<Exp>", 7, 0, 10, 5));

        assertThat(comparison.rows()).extracting(Row::change).containsExactlyInAnyOrder(Change.REMOVED,
                Change.REMOVED, Change.ADDED);
    }

    @Test
    void of_severalAgainstOneUnderTheSameRange_isOneFusedRow() {
        TimelineFixture a = new TimelineFixture().range("layer", 0, 100)
                .kernel("norm", 7, 1, 10, 20).kernel("rope", 7, 3, 40, 30).kernel("store", 7, 5, 80, 10)
                .kernel("gemm", 7, 7, 100, 50);
        TimelineFixture b = new TimelineFixture().range("layer", 0, 100)
                .kernel("norm_rope_store", 7, 1, 10, 25).kernel("gemm", 7, 7, 100, 50);

        Row fused = kernels(a, b).rows().getFirst();

        assertThat(fused.change()).isEqualTo(Change.FUSED);
        assertThat(fused.namesA()).containsExactly("norm", "rope", "store");
        assertThat(fused.namesB()).containsExactly("norm_rope_store");
        assertThat(fused.paths()).containsExactly("layer");
        assertThat(fused.deltaNs()).isEqualTo(25 - 60);
    }

    @Test
    void of_fusedInEveryLayer_isStillOneRow() {
        TimelineFixture a = new TimelineFixture();
        TimelineFixture b = new TimelineFixture();
        for (int layer = 0; layer < 3; layer++) {
            long t = layer * 1000L;
            a.range("layer " + layer, t, t + 900).kernel("norm", 7, t + 1, t + 10, 20)
                    .kernel("rope", 7, t + 3, t + 40, 30);
            b.range("layer " + layer, t, t + 900).kernel("norm_rope", 7, t + 1, t + 10, 25);
        }

        assertThat(kernels(a, b).rows()).singleElement().satisfies(row -> {
            assertThat(row.change()).isEqualTo(Change.FUSED);
            assertThat(row.a().calls()).isEqualTo(6);
            assertThat(row.paths()).containsExactly("layer 0", "layer 1", "layer 2");
        });
    }

    @Test
    void of_oneUnmatchedInTheSameRange_isMatchedByIt() {
        Row row = kernels(new TimelineFixture().range("router", 0, 9).kernel("old_topk", 7, 1, 10, 20),
                new TimelineFixture().range("router", 0, 9).kernel("fast_select", 7, 1, 10, 5)).rows().getFirst();

        assertThat(row.matchedBy()).isEqualTo(MatchedBy.RANGE);
        assertThat(row.name()).isEqualTo("old_topk → fast_select");
    }

    @Test
    void of_equallyManyUnmatchedInTheSameRange_areMatchedByLaunchOrder() {
        Comparison comparison = kernels(
                new TimelineFixture().range("mlp", 0, 9).kernel("up_a", 7, 1, 10, 20).kernel("down_a", 7, 3, 40, 8),
                new TimelineFixture().range("mlp", 0, 9).kernel("first", 7, 1, 10, 5).kernel("second", 7, 3, 40, 5));

        assertThat(comparison.rows()).extracting(Row::name).containsExactly("up_a → first", "down_a → second");
        assertThat(comparison.rows()).extracting(Row::matchedBy).containsOnly(MatchedBy.LAUNCH_ORDER);
    }

    @Test
    void of_sameGridBetweenTheSameNeighbours_isMatchedByStructure() {
        Row row = row(kernels(
                new TimelineFixture().kernel("before", 7, 0, 10, 5).kernel("one", 7, 2, 20, 9, 77)
                        .kernel("after", 7, 4, 40, 5),
                new TimelineFixture().kernel("before", 7, 0, 10, 5).kernel("two", 7, 2, 20, 4, 77)
                        .kernel("after", 7, 4, 40, 5)),
                "one → two");

        assertThat(row.matchedBy()).isEqualTo(MatchedBy.STRUCTURE);
    }

    @Test
    void of_otherGridBetweenTheSameNeighbours_isAddedAndRemoved() {
        Comparison comparison = kernels(
                new TimelineFixture().kernel("before", 7, 0, 10, 5).kernel("one", 7, 2, 20, 9, 77)
                        .kernel("after", 7, 4, 40, 5),
                new TimelineFixture().kernel("before", 7, 0, 10, 5).kernel("two", 7, 2, 20, 4, 78)
                        .kernel("after", 7, 4, 40, 5));

        assertThat(row(comparison, "one").change()).isEqualTo(Change.REMOVED);
        assertThat(row(comparison, "two").change()).isEqualTo(Change.ADDED);
    }

    @Test
    void of_sameNameInOneMoreRange_staysInTheRowOfThatName() {
        Row row = kernels(
                new TimelineFixture().range("x", 0, 4).range("y", 5, 9).kernel("norm", 7, 1, 10, 5)
                        .kernel("norm", 7, 6, 20, 5),
                new TimelineFixture().range("x", 0, 4).kernel("norm", 7, 1, 10, 5)).rows().getFirst();

        assertThat(row.change()).isEqualTo(Change.MATCHED);
        assertThat(row.a().calls()).isEqualTo(2);
        assertThat(row.b().calls()).isEqualTo(1);
    }

    @Test
    void of_byRange_putsWorkUnderTheInnermostRangesOfItsLaunch() {
        Comparison comparison = Comparison.of(
                new TimelineFixture().range("layer", 0, 9).range("attention", 1, 4).kernel("k", 7, 2, 10, 5)
                        .kernel("k", 7, 6, 20, 7).kernel("k", 7, 20, 30, 11).build(),
                new TimelineFixture().range("layer", 0, 9).kernel("k", 7, 2, 10, 6).build(), Grouping.RANGE);

        assertThat(comparison.rows()).extracting(Row::name).containsExactlyInAnyOrder("layer / attention", "layer",
                Comparison.NO_RANGE);
        assertThat(row(comparison, "layer / attention").change()).isEqualTo(Change.REMOVED);
        assertThat(row(comparison, "layer").deltaNs()).isEqualTo(-1);
        assertThat(row(comparison, Comparison.NO_RANGE).deltaNs()).isEqualTo(-11);
    }

    @Test
    void of_byKind_sumsComputationCommunicationAndMemory() {
        Comparison comparison = Comparison.of(
                new TimelineFixture().kernel("gemm", 7, 0, 10, 5).copy("[CUDA memcpy DtoH]", 7, 2, 20, 7)
                        .kernel("ncclDevKernel_AllReduce", 8, 4, 10, 9).build(),
                new TimelineFixture().kernel("gemm", 7, 0, 10, 6).build(), Grouping.KIND);

        assertThat(comparison.rows()).extracting(Row::name, Row::deltaNs).containsExactly(
                org.assertj.core.groups.Tuple.tuple("communication", -9L),
                org.assertj.core.groups.Tuple.tuple("memory", -7L),
                org.assertj.core.groups.Tuple.tuple("computation", 1L));
    }

    private static Trace steps(long... durations) {
        TimelineFixture fixture = new TimelineFixture().kernel("warmup", 7, 0, 1, 500);
        for (int i = 0; i < durations.length; i++) {
            long t = 1000L * (i + 1);
            fixture.range("step " + i, t, t + 900).range("layer", t + 1, t + 800).kernel("gemm", 7, t + 2, t + 10,
                    durations[i]);
        }
        return fixture.build();
    }

    @Test
    void perStep_differenceLargerThanTheSpread_isNotNoise() {
        Row row = row(Comparison.of(steps(100, 104), steps(50, 54), Grouping.KERNEL), "gemm");

        StepDelta delta = row.perStep().orElseThrow();
        assertThat(row.a().stepNs()).containsExactly(100L, 104L);
        assertThat(delta.deltaNs()).isEqualTo(-50);
        assertThat(delta.noiseNs()).isEqualTo(4); // √(8 + 8): the sample variance of two values 4 apart is 8
        assertThat(delta.withinNoise()).isFalse();
    }

    @Test
    void perStep_differenceSmallerThanTheSpread_isNoise() {
        Row row = row(Comparison.of(steps(100, 140), steps(105, 130), Grouping.KERNEL), "gemm");

        assertThat(row.perStep().orElseThrow().withinNoise()).isTrue();
    }

    @Test
    void perStep_workOutsideOfSteps_isInTheTotalAlone() {
        Row row = row(Comparison.of(steps(100, 104), steps(50, 54), Grouping.KERNEL), "warmup");

        assertThat(row.a().totalNs()).isEqualTo(500);
        assertThat(row.a().stepNs()).containsExactly(0L, 0L);
    }

    @Test
    void perStep_oneStepOnASide_isAbsent() {
        Comparison comparison = Comparison.of(steps(100, 104), steps(50), Grouping.KERNEL);

        assertThat(comparison.hasSteps()).isFalse();
        assertThat(comparison.rows()).allMatch(r -> r.perStep().isEmpty());
    }

    @Test
    void of_stepsOfOtherNumbers_areTheSameRange() {
        Comparison comparison = Comparison.of(steps(100), steps(50, 60), Grouping.RANGE);

        assertThat(row(comparison, "layer").change()).isEqualTo(Change.MATCHED);
    }

    @Test
    void wall_workOnTwoStreams_isWorkLessOverlapPlusIdle() {
        Comparison comparison = kernels(
                new TimelineFixture().kernel("k", 7, 0, 100, 50).kernel("k", 8, 1, 120, 50).kernel("k", 7, 2, 200, 10),
                new TimelineFixture().kernel("k", 7, 0, 100, 10));

        WallTime wall = comparison.a().wall().orElseThrow();
        assertThat(wall.totalWorkNs()).isEqualTo(110);
        assertThat(wall.overlapNs()).isEqualTo(30);
        assertThat(wall.idleNs()).isEqualTo(30);
        assertThat(wall.gaps()).isEqualTo(1);
        assertThat(wall.wallNs()).isEqualTo(210 - 100);
    }

    @Test
    void waterfall_fewerBarsThanRows_sumsTheOthersInTheLast() {
        TimelineFixture a = new TimelineFixture();
        TimelineFixture b = new TimelineFixture();
        for (int i = 0; i < 5; i++) {
            a.kernel("kernel_" + (char) ('a' + i), 7, 2L * i, 100L * i, 10);
            b.kernel("kernel_" + (char) ('a' + i), 7, 2L * i, 100L * i, 10 + 3L * (i + 1));
        }

        Waterfall waterfall = Waterfall.ofDeviceTime(kernels(a, b), 2);

        assertThat(waterfall.bars()).extracting(Waterfall.Bar::label).containsExactly("kernel_e", "kernel_d",
                "3 others");
        assertThat(waterfall.bars()).extracting(Waterfall.Bar::deltaNs).containsExactly(15L, 12L, 18L);
        assertThat(waterfall.endNs()).isEqualTo(50 + 45);
    }

    @Test
    void of_timelineAndProfiledKernels_isRefused() {
        Trace trace = new TimelineFixture().build();
        KernelReport report = new KernelReport(trace.info(), List.of(), List.of(), MetricTable.empty(), List.of());

        assertThat(Comparison.obstacle(trace, report)).isPresent();
        assertThatThrownBy(() -> Comparison.of(trace, report, Grouping.KERNEL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void of_emptyTimelines_hasNoRows() {
        Comparison comparison = kernels(new TimelineFixture(), new TimelineFixture());

        assertThat(comparison.rows()).isEmpty();
        assertThat(comparison.deltaNs()).isZero();
        assertThat(ComparisonJson.of(comparison).get("delta_ns").asLong()).isZero();
    }
}
