package org.moelab.traces.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.traces.roofline.Ceiling.Origin;
import org.moelab.traces.roofline.KernelWork.Basis;
import org.moelab.traces.roofline.Roofline.Bound;
import org.moelab.traces.roofline.Roofline.Point;

class RooflineTest {
    /// 1000 bytes and 10,000 operations in FP32, 100,000 on the tensor cores, each in a second.
    private static final Ceilings SMALL = new Ceilings("small",
            Map.of(MemoryLevel.HBM, ceiling(1e3), MemoryLevel.L2, ceiling(4e3)),
            Map.of(Precision.FP32, ceiling(1e4), Precision.BF16, ceiling(1e5)));

    private static Ceiling ceiling(double perSecond) {
        return new Ceiling(perSecond, Origin.DATASHEET, "a book");
    }

    private static KernelWork work(String name, double seconds, double bytes, Map<Precision, Double> flop) {
        return new KernelWork(name, 1, seconds * 1e9, Map.of(MemoryLevel.HBM, bytes), flop, Basis.MEASURED, "small");
    }

    private static Point only(KernelWork work) {
        return Roofline.of(List.of(work), SMALL, List.of()).points().getFirst();
    }

    @Test
    void point_leftOfTheRidge_isUnderTheSlope() {
        Point p = only(work("axpy", 2, 1000, Map.of(Precision.FP32, 2000.0)));

        assertThat(p.intensity()).isEqualTo(2);
        assertThat(p.flopPerSecond()).isEqualTo(1000);
        assertThat(p.bytesPerSecond()).isEqualTo(500);
        assertThat(p.roof()).isEqualTo(2000); // 2 FLOP/B × 1000 B/s
        assertThat(p.ofRoof()).isEqualTo(0.5);
        assertThat(p.bound()).isEqualTo(Bound.HBM);
        assertThat(p.suspect()).isFalse();
    }

    @Test
    void point_rightOfTheRidge_isUnderTheRateOfItsPrecision() {
        Point p = only(work("gemm", 1, 10, Map.of(Precision.FP32, 4000.0)));

        assertThat(p.roof()).isEqualTo(1e4);
        assertThat(p.ofRoof()).isEqualTo(0.4);
        assertThat(p.bound()).isEqualTo(Bound.COMPUTE);
    }

    @Test
    void point_ofSeveralPrecisions_hasTheRateOfTheirTimesInSequence() {
        KernelWork mixed = work("mixed", 1, 1, Map.of(Precision.FP32, 1e3, Precision.BF16, 1e4));

        // 0.1 s of each: 11,000 operations in 0.2 s
        assertThat(only(mixed).roof()).isEqualTo(55_000, offset(1e-6));
    }

    @Test
    void point_withoutOperations_isHeldAgainstTheBandwidth() {
        Point p = only(work("copy", 1, 900, Map.of()));

        assertThat(p.intensity()).isZero();
        assertThat(p.roof()).isEqualTo(1000);
        assertThat(p.ofRoof()).isEqualTo(0.9);
        assertThat(p.bound()).isEqualTo(Bound.HBM);
    }

    @Test
    void point_aboveItsRoof_isSuspect() {
        assertThat(only(work("wrong", 1, 1100, Map.of())).suspect()).isTrue();
        assertThat(only(work("rounding", 1, 1010, Map.of())).suspect()).isFalse();
    }

    @Test
    void point_roofUnknown_isNotClaimed() {
        Point p = Roofline.of(List.of(work("k", 1, 10, Map.of(Precision.FP8, 5.0))), Ceilings.unknown("?"), List.of())
                .points().getFirst();

        assertThat(p.roof()).isNaN();
        assertThat(p.suspect()).isFalse();
        assertThat(p.bound()).isEqualTo(Bound.UNKNOWN);
    }

    @Test
    void points_ofAKernelWithTwoLevels_areTwoOfOnePerformance() {
        KernelWork kernel = new KernelWork("k", 1, 1e9, Map.of(MemoryLevel.HBM, 100.0, MemoryLevel.L2, 3900.0),
                Map.of(Precision.FP32, 100.0), Basis.MEASURED, "");

        List<Point> points = Roofline.of(List.of(kernel), SMALL, List.of()).points();

        assertThat(points).extracting(Point::level).containsExactly(MemoryLevel.HBM, MemoryLevel.L2);
        assertThat(points).extracting(Point::flopPerSecond).containsOnly(100.0);
        assertThat(points.getFirst().bound()).isEqualTo(Bound.L2);
    }

    @Test
    void byName_launchesOfOneName_addUp() {
        List<KernelWork> grouped = KernelWork.byName(List.of(work("k", 1, 10, Map.of(Precision.FP32, 5.0)),
                work("other", 1, 1, Map.of()), work("k", 3, 30, Map.of(Precision.BF16, 7.0))));

        assertThat(grouped).hasSize(2);
        assertThat(grouped.getFirst()).isEqualTo(new KernelWork("k", 2, 4e9, Map.of(MemoryLevel.HBM, 40.0),
                Map.of(Precision.FP32, 5.0, Precision.BF16, 7.0), Basis.MEASURED, "small"));
    }

    @Test
    void byName_oneLaunchLacksALevel_dropsIt() {
        KernelWork both = new KernelWork("k", 1, 1, Map.of(MemoryLevel.HBM, 1.0, MemoryLevel.L2, 1.0), Map.of(),
                Basis.MEASURED, "small");
        KernelWork one = new KernelWork("k", 1, 1, Map.of(MemoryLevel.HBM, 1.0), Map.of(), Basis.MEASURED, "small");

        assertThat(KernelWork.byName(List.of(both, one)).getFirst().bytes()).containsOnlyKeys(MemoryLevel.HBM);
    }

    @Test
    void analytic_operationOfARun_isMarkedAsSuch() {
        KernelWork gemv = new KernelWork("gemv", 24, 1e6, Map.of(MemoryLevel.HBM, 4e6),
                Map.of(Precision.BF16, 4e6), Basis.ANALYTIC, "NVIDIA H200");

        assertThat(gemv.basis()).isEqualTo(Basis.ANALYTIC);
        assertThat(RooflineJson.of(Roofline.of(List.of(gemv), SMALL, List.of())).at("/kernels/0/basis").asString())
                .isEqualTo("analytic");
    }

    @Test
    void machines_all_haveIdsOfTheirOwnAndASourceForEveryFigure() {
        assertThat(Machine.all()).extracting(Machine::id).doesNotHaveDuplicates().contains("B200", "H200", "H100-SXM",
                "H100-PCIe", "A100-80GB", "A100-40GB", "L40S", "RTX-4090", "RTX-5090");
        assertThat(Machine.all()).allSatisfy(m -> {
            assertThat(m.ceilings().bandwidth(MemoryLevel.HBM)).isPresent();
            assertThat(m.ceilings().rates().values()).allMatch(c -> c.source().length() > 10);
        });
    }

    @Test
    void machines_rates_riseAsPrecisionFalls() {
        for (Machine machine : Machine.all()) {
            List<Double> rates = machine.ceilings().rates().values().stream().map(Ceiling::perSecond).toList();
            assertThat(rates).as(machine.id()).isSorted();
        }
    }

    @Test
    void ofDevice_namesThatDriversGive_areRecognised() {
        assertThat(Machine.ofDevice("NVIDIA H200").orElseThrow().id()).isEqualTo("H200");
        assertThat(Machine.ofDevice("NVIDIA H100 80GB HBM3").orElseThrow().id()).isEqualTo("H100-SXM");
        assertThat(Machine.ofDevice("NVIDIA A100-SXM4-80GB").orElseThrow().id()).isEqualTo("A100-80GB");
        assertThat(Machine.ofDevice("A100-PCIE-40GB").orElseThrow().id()).isEqualTo("A100-40GB");
        assertThat(Machine.ofDevice("NVIDIA A30")).isEmpty();
    }

    @Test
    void measuredH200_isBelowItsDatasheet() {
        Ceilings sheet = Machine.ofId("H200").orElseThrow().ceilings();
        Ceilings measured = Machine.ofId("h200-MEASURED").orElseThrow().ceilings();

        measured.rates().forEach((precision, c) -> {
            assertThat(c.origin()).isEqualTo(Origin.MEASURED);
            assertThat(c.perSecond()).isLessThan(sheet.rate(precision).orElseThrow().perSecond());
        });
        assertThat(measured.bandwidth(MemoryLevel.HBM).orElseThrow().perSecond()).isCloseTo(4.28e12, within(1e9));
    }

    @ParameterizedTest
    @CsvSource({ "NVIDIA H200, HBM", "NVIDIA H200 SXM, HBM", "NVIDIA L40S, GDDR6", "NVIDIA GeForce RTX 5090, GDDR7",
            "NVIDIA A10, DRAM", "NVIDIA GeForce RTX 3060 Ti, DRAM", "'', DRAM" })
    void title_ofTheDevicesMemory_isWhatTheTableSays(String machine, String memory) {
        assertThat(Ceilings.unknown(machine).title(MemoryLevel.HBM)).isEqualTo(memory);
        assertThat(Ceilings.unknown(machine).title(MemoryLevel.L2)).isEqualTo("L2");
    }

    @Test
    void completedBy_figureThatBothHave_keepsTheFirst() {
        Ceilings first = new Ceilings("a", Map.of(MemoryLevel.HBM, ceiling(1)), Map.of());
        Ceilings second = new Ceilings("b", Map.of(MemoryLevel.HBM, ceiling(2), MemoryLevel.L2, ceiling(3)), Map.of());

        assertThat(first.completedBy(second)).isEqualTo(new Ceilings("a",
                Map.of(MemoryLevel.HBM, ceiling(1), MemoryLevel.L2, ceiling(3)), Map.of()));
    }
}
