package org.moelab.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;

class RunFiguresTest {
    private static final StoredRun RUN = KeptRun.readWithLoads();

    @Test
    void cacheSizes_areWhatTheEngineAllocated() {
        RunReport report = RUN.report();
        int tokens = report.asked().prompt() + report.asked().generate();
        for (LayerResult layer : RUN.layers()) {
            CacheSize size = layer.techniques().contains("fp8-kv")
                    ? CacheSize.fp8(report.model())
                    : CacheSize.bf16(report.model());

            assertThat(CacheSize.allocated(layer)).as(layer.layer())
                    .contains((long) size.bytes(tokens, report.asked().batch()));
        }
        assertThat(RUN.layers()).as("both forms").extracting(l -> l.techniques().contains("fp8-kv"))
                .contains(true, false);
    }

    @Test
    void weights_areAllThatIsHeldOfThem() {
        assertThat(CacheSize.weights(RUN.top())).contains(38_220_595_200L + 10_152_345_600L + 3_608_919_168L
                + 1_217_715_712L);
    }

    @Test
    void floor_isTheLargerOfBytesAndFlopsAtTheMeasuredRates() {
        OperationFloors.Row decode = row(RunPhase.DECODE, "experts/gate and up");
        assertThat(decode.bytesUs()).isCloseTo(6_768_230_400.0 / 4618641618807.046 * 1e6 / 8, within(1e-9));
        assertThat(decode.flopsUs()).isCloseTo(25_480_396_800.0 / 781027400131707.9 * 1e6 / 8, within(1e-9));
        assertThat(decode.floorUs()).isEqualTo(decode.bytesUs());
        assertThat(decode.bound()).isEqualTo("bytes");
        assertThat(decode.lostUs().orElseThrow())
                .isCloseTo(3269.6989999999996 / 8 - decode.bytesUs(), within(1e-9));

        OperationFloors.Row prefill = row(RunPhase.PREFILL, "experts/gate and up");
        assertThat(prefill.floorUs()).isEqualTo(prefill.flopsUs());
        assertThat(prefill.bound()).isEqualTo("FLOPs");
    }

    private static OperationFloors.Row row(RunPhase phase, String name) {
        return floors(phase).rows().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
    }

    private static OperationFloors floors(RunPhase phase) {
        return OperationFloors.of(RUN, RUN.top(), phase).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(RunPhase.class)
    void floors_areSortedByLostTimeAndSumToTheCapturedOperations(RunPhase phase) {
        OperationFloors floors = floors(phase);

        assertThat(floors.measured()).isSortedAccordingTo(
                Comparator.comparingDouble(r -> -r.lostUs().orElseThrow())).hasSameSizeAs(floors.rows());
        double step = phase.cost(RUN.top()).orElseThrow().device().orElseThrow().extentUs()
                / phase.cost(RUN.top()).orElseThrow().steps();
        assertThat(floors.measuredUs() + floors.idleUs()).as("all of the step but its copies")
                .isBetween(step * 0.999, step);
    }

    @Test
    void floors_withoutCeilings_areNone() {
        RunReport r = RUN.report();
        StoredRun without = new StoredRun(RUN.folder(), new RunReport(r.version(), r.complete(), r.started(),
                r.finished(), r.asked(), r.machine(), r.versions(), r.model(), r.loadSeconds(),
                r.startToFirstTokenSeconds(), java.util.Optional.empty(), r.layers(), r.expertLoads(), r.tuning(),
                r.failures(),
                r.notes()));

        assertThat(OperationFloors.of(without, RUN.top(), RunPhase.DECODE)).isEmpty();
    }
}
