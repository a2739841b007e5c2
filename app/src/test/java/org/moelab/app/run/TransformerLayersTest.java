package org.moelab.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.moelab.app.run.TransformerLayers.Times;
import org.moelab.app.run.TransformerLayers.TransformerLayer;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

class TransformerLayersTest {
    private static final StoredRun RUN = KeptRun.read();

    private static Trace timeline(String layer) throws TraceReadException {
        return (Trace) Recordings.open(RUN.timeline(RUN.layer(layer).orElseThrow()).orElseThrow(),
                ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static PhaseCost cost(String layer, RunPhase phase) {
        return phase.cost(RUN.layer(layer).orElseThrow()).orElseThrow();
    }

    /// Kernels of layers 4 and 6 overlap, so that plain sums of durations would not do.
    @ParameterizedTest
    @EnumSource(RunPhase.class)
    void times_ofACapturedTimeline_sumToTheReportsOperations(RunPhase phase) throws Exception {
        for (String layer : new String[] { "4", "6" }) {
            Times times = TransformerLayers.times(timeline(layer), phase);
            assertThat(times.ns()).hasSize(24);
            LayerResult result = RUN.layer(layer).orElseThrow();
            Map<String, Double> reported = phase.cost(result).orElseThrow().operations().stream()
                    .filter(o -> o.timeUs().isPresent())
                    .collect(java.util.stream.Collectors.toMap(OperationCost::name, o -> o.timeUs().orElseThrow(),
                            Double::sum));
            java.util.Set<String> names = new java.util.TreeSet<>();
            times.ns().values().forEach(of -> names.addAll(of.keySet()));
            assertThat(names).isNotEmpty();
            for (String name : names) {
                double us = times.ns().values().stream().mapToLong(of -> of.getOrDefault(name, 0L)).sum() / 1e3;
                assertThat(us).as("layer " + layer + " " + phase + " " + name)
                        .isCloseTo(java.util.Objects.requireNonNull(reported.get(name)), within(0.01));
            }
        }
    }

    @Test
    void layers_fromOneTimelineToAnother_sumTheirOperationsAndCountFromOne() throws Exception {
        TransformerLayers between = TransformerLayers.of(
                TransformerLayers.times(timeline("4"), RunPhase.DECODE), cost("4", RunPhase.DECODE).steps(),
                TransformerLayers.times(timeline("6"), RunPhase.DECODE), cost("6", RunPhase.DECODE).steps())
                .orElseThrow();
        assertThat(between.layers()).extracting(TransformerLayer::number).startsWith(1, 2, 3).hasSize(24);
        for (TransformerLayer layer : between.layers()) {
            assertThat(layer.operations().stream().mapToDouble(r -> r.savedMs()).sum())
                    .isCloseTo(layer.savedMs(), within(1e-9));
            assertThat(layer.operations()).extracting(OperationGains.Row::family).doesNotContain("");
            assertThat(layer.factor().orElseThrow())
                    .isEqualTo(layer.beforeMs().orElseThrow() / layer.afterMs().orElseThrow());
        }
    }

    @Test
    void layers_ofATimelineWithoutOperations_areNone() throws Exception {
        Trace other = (Trace) Recordings.open(java.nio.file.Path.of(
                "../traces/src/test/resources/h200/gptoss2L_pytorch.json.gz"), ImportOptions.DEFAULT,
                ImportMonitor.NONE);
        Times none = TransformerLayers.times(other, RunPhase.DECODE);
        assertThat(none.ns()).isEmpty();
        assertThat(TransformerLayers.of(none, 1, TransformerLayers.times(timeline("6"), RunPhase.DECODE), 8)).isEmpty();
    }
}
