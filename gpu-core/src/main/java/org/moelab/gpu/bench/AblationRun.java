package org.moelab.gpu.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.moelab.gpu.bench.AblationReport.Ablation;
import org.moelab.gpu.bench.AblationReport.Failure;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.PairTimer.Pairs;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;

/// Tries techniques one by one: each added to the layer below its own, and each taken from the highest layer; or each taken
/// from one layer only.
public final class AblationRun {
    private final CudaEngine engine;
    private final Catalogue catalogue;
    private final Workload workload;
    private final Progress progress;
    private final Optional<Layer> only;
    private AblationReport report;

    /// Hears of what has been tried.
    public interface Progress {
        /// One trial begins.
        ///
        /// @param done the share of all that is done
        void begins(double done, String technique, Way way);

        /// All that was measured so far.
        void report(AblationReport report) throws IOException;

        /// Whether to end early; what was measured is kept.
        boolean stopped();
    }

    /// @param workload its repeats are the pairs
    public AblationRun(CudaEngine engine, Catalogue catalogue, Workload workload, Progress progress,
            AblationReport begun) {
        this(engine, catalogue, workload, progress, begun, Optional.empty());
    }

    /// @param workload its repeats are the pairs
    /// @param only the one layer that techniques are taken from; empty for both ways of each
    public AblationRun(CudaEngine engine, Catalogue catalogue, Workload workload, Progress progress,
            AblationReport begun, Optional<Layer> only) {
        this.engine = engine;
        this.catalogue = catalogue;
        this.workload = workload;
        this.progress = progress;
        this.report = begun;
        this.only = only;
    }

    /// Tries techniques. One that has no effect on this machine, or whose weights do not fit, is a failure of its own.
    ///
    /// @param now tells the time, as the report has it
    /// @return what was measured
    /// @throws IOException where a report cannot be kept
    public AblationReport run(List<Technique> techniques, Supplier<String> now) throws IOException {
        List<Ablation> ablations = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        List<Way> ways = only.isPresent() ? List.of(Way.REMOVED) : List.of(Way.values());
        int trials = techniques.size() * ways.size();
        int done = 0;
        for (Technique technique : techniques) {
            for (Way way : ways) {
                if (progress.stopped()) {
                    return report;
                }
                progress.begins((double) done++ / trials, technique.id(), way);
                try {
                    ablations.add(tryOut(technique, way));
                } catch (CudaUnavailableException | CudaException | IllegalArgumentException e) {
                    failures.add(new Failure(technique.id(), way, oneLine(e)));
                }
                report = new AblationReport(report.version(), done == trials, report.started(),
                        Optional.of(now.get()), report.asked(), report.machine(), report.versions(), report.model(),
                        ablations, failures);
                progress.report(report);
            }
        }
        return report;
    }

    private Ablation tryOut(Technique technique, Way way) throws CudaUnavailableException {
        String lacking = engine.lacking().get(technique.id());
        if (lacking != null) {
            throw new CudaUnavailableException("no effect on this machine: " + lacking);
        }
        Layer layer = only.orElseGet(() -> layer(catalogue, technique, way));
        Set<String> with = with(catalogue, technique, layer);
        Set<String> without = new HashSet<>(with);
        without.remove(technique.id());
        CudaEngine one = engine.with(with);
        CudaEngine other = engine.with(without);
        PairTimer.Times times = PairTimer.measure(one, other, workload);
        return new Ablation(technique.id(), way, layer.id(),
                without.stream().sorted().toList(),
                effect(times.first()).orElseThrow(), effect(times.perToken()));
    }

    private static Optional<Effect> effect(Pairs pairs) {
        return pairs.one().isEmpty() ? Optional.empty() : Optional.of(Effect.of(pairs.one(), pairs.other()));
    }

    /// What is on beside a technique, and itself.
    static Set<String> with(Catalogue catalogue, Technique technique, Way way) {
        return with(catalogue, technique, layer(catalogue, technique, way));
    }

    private static Set<String> with(Catalogue catalogue, Technique technique, Layer layer) {
        Set<String> on = new HashSet<>(catalogue.upTo(layer));
        on.addAll(catalogue.alone(technique.id()));
        return on;
    }

    /// The layer that a technique is added to or taken from.
    private static Layer layer(Catalogue catalogue, Technique technique, Way way) {
        return switch (way) {
            case ADDED -> catalogue.layer(technique.layer() == 1 ? "baseline" : Integer.toString(technique.layer() - 1))
                    .orElseThrow();
            case REMOVED -> catalogue.top();
        };
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
