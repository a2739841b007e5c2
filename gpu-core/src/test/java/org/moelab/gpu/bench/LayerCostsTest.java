package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.bench.RunReport.DeviceUse;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.capture.ActivityRecord.External;
import org.moelab.gpu.capture.ActivityRecord.Kernel;
import org.moelab.gpu.capture.ActivityRecord.Place;
import org.moelab.gpu.capture.CapturedRun;
import org.moelab.gpu.capture.Span;
import org.moelab.gpu.engine.Operation;
import org.moelab.traces.model.LaunchConfig;

class LayerCostsTest {
    private static final List<Operation> PLAN = List.of(operation("layer 0/attention/qkv"),
            operation("layer 1/attention/qkv"), operation("choice"));

    private static Operation operation(String name) {
        return new Operation(name, "dense matmul", "gemv", List.of(), length -> 100 + length, _ -> 7, true, (_, _) -> {
        });
    }

    @Test
    void phase_notCaptured_hasNoTimes() {
        LayerRun.Costs costs = new LayerRun.Costs(Optional.empty(), CapturedSteps.TOKEN);
        costs.add(PLAN, 10);
        assertThat(costs.phase(10, 1)).isEqualTo(new PhaseCost("analytic", 10, 1, Optional.empty(),
                List.of(cost("attention/qkv", 2, 220, 14, Optional.empty(), Optional.empty()),
                        cost("choice", 1, 110, 7, Optional.empty(), Optional.empty()))));
    }

    @Test
    void phase_ofSeveralCapturedSteps_isSummedOverAllOfThem() {
        CapturedRun run = new CapturedRun(List.of(
                new External(2, 1), kernel(1, 1000, 3000), new External(3, 2), kernel(2, 3000, 4000),
                new External(5, 3), kernel(3, 6000, 8500), new External(6, 4), kernel(4, 8500, 9000)),
                List.of(span(1, 0, "token", -1), span(2, 1, "qkv", 0), span(3, 1, "qkv", 1), span(4, 0, "token", -1),
                        span(5, 4, "qkv", 0), span(6, 4, "qkv", 1)),
                0, 0, 0, 0);
        LayerRun.Costs costs = new LayerRun.Costs(Optional.of(new CapturedSteps(run, 2, Optional.of(1.0))),
                CapturedSteps.TOKEN);
        costs.add(PLAN, 10);
        costs.add(PLAN, 11);
        assertThat(costs.phase(10, 2)).isEqualTo(new PhaseCost("analytic", 10, 2,
                Optional.of(new DeviceUse(4, 8, 6, 2, 2)),
                List.of(cost("attention/qkv", 4, 442, 28, Optional.of(4L), Optional.of(6.0)),
                        cost("choice", 2, 221, 14, Optional.of(0L), Optional.of(0.0)))));
    }

    private static OperationCost cost(String name, int count, long bytes, long flops, Optional<Long> kernels,
            Optional<Double> timeUs) {
        return new OperationCost(name, "dense matmul", "gemv", List.of(), count, bytes, flops, kernels, timeUs);
    }

    private static Span span(long id, long parent, String name, int operation) {
        return new Span(id, parent, name, operation < 0 ? Optional.empty() : Optional.of(PLAN.get(operation)),
                List.of(), 0, 1);
    }

    private static Kernel kernel(long correlation, long startNs, long endNs) {
        return new Kernel(startNs, endNs, new Place(0, 1, 7), correlation, 0, "gemv",
                new LaunchConfig(1, 1, 1, 32, 1, 1, 0, 0, 0));
    }
}
