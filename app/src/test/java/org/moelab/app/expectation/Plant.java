package org.moelab.app.expectation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

import org.moelab.app.run.RunPhase;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.bench.Spread;

/// Copies of reports in which something is not as it was measured.
final class Plant {
    private Plant() {
    }

    /// A report whose layers are others.
    static RunReport layers(RunReport run, UnaryOperator<LayerResult> change) {
        return with(run, run.layers().stream().map(change).toList(), run.failures());
    }

    static RunReport with(RunReport r, List<LayerResult> layers, List<LayerFailure> failures) {
        return new RunReport(r.version(), r.complete(), r.started(), r.finished(), r.asked(), r.machine(), r.versions(),
                r.model(), r.loadSeconds(), r.startToFirstTokenSeconds(), r.ceilings(), layers, r.expertLoads(),
                r.tuning(), failures, r.notes());
    }

    /// A report in which a layer failed.
    static RunReport failed(RunReport run, String layer) {
        List<LayerFailure> failures = new ArrayList<>(run.failures());
        failures.add(new LayerFailure(layer, List.of(), "made up"));
        return with(run, run.layers().stream().filter(l -> !l.layer().equals(layer)).toList(), failures);
    }

    /// A report in which an operation takes another time, and its phase with it.
    static RunReport operation(RunReport run, String layer, RunPhase phase, String operation, double factor) {
        return layers(run, l -> {
            if (!l.layer().equals(layer)) {
                return l;
            }
            double addedMs = Learning.timeUs(l, phase, operation).orElseThrow() * (factor - 1) / 1e3;
            return scaled(l, (p, name) -> p == phase && name.equals(operation) ? factor : 1.0,
                    p -> p == phase ? addedMs : 0);
        });
    }

    /// A layer whose operations take times the factors, and whose phases take longer.
    static LayerResult scaled(LayerResult l, BiFunction<RunPhase, String, Double> factor,
            ToDoubleFunction<RunPhase> addedMs) {
        return new LayerResult(l.layer(), l.techniques(), l.promptStep(),
                longer(l.ttftMs(), addedMs.applyAsDouble(RunPhase.PREFILL)),
                l.tpotMs().map(t -> longer(t, addedMs.applyAsDouble(RunPhase.DECODE))), l.interTokenMs(),
                l.prefillTokensPerSecond(), l.decodeTokensPerSecond(), l.energyJoules(), l.check(),
                l.prefill().map(p -> scaled(p, name -> factor.apply(RunPhase.PREFILL, name))),
                l.decode().map(p -> scaled(p, name -> factor.apply(RunPhase.DECODE, name))), l.memory(), l.timeline());
    }

    private static PhaseCost scaled(PhaseCost p, ToDoubleFunction<String> factor) {
        return new PhaseCost(p.basis(), p.length(), p.steps(), p.device(), p.operations().stream()
                .map(o -> new OperationCost(o.name(), o.kind(), o.implementation(), o.techniques(), o.count(),
                        o.bytes(), o.flops(), o.kernels(),
                        o.timeUs().flatMap(t -> Optional.of(t * factor.applyAsDouble(o.name())))))
                .toList());
    }

    private static Spread longer(Spread s, double ms) {
        return new Spread(s.count(), s.min() + ms, s.p50() + ms, s.p90() + ms, s.p99() + ms, s.max() + ms,
                s.mean() + ms);
    }
}
