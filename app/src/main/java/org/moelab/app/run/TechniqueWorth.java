package org.moelab.app.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.AblationReport.Ablation;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.Effect;

/// What a run's ablations say a technique is worth in one phase.
///
/// @param way how it was tried
/// @param layer the layer that it was added to or taken from
/// @param effect on the phase's time
/// @param trial the report that says so
/// @param later whether it was tried after the run, in a directory of its own
public record TechniqueWorth(Way way, String layer, Effect effect, AblationReport trial, boolean later) {
    /// Both ways, where they were measured; then what was tried later.
    ///
    /// @param technique its id
    public static List<TechniqueWorth> of(StoredRun run, String technique, RunPhase phase) {
        List<TechniqueWorth> found = new ArrayList<>();
        run.ablations().ifPresent(report -> add(found, report, technique, phase, false));
        run.trials().forEach(report -> add(found, report, technique, phase, true));
        return found;
    }

    private static void add(List<TechniqueWorth> found, AblationReport report, String technique, RunPhase phase,
            boolean later) {
        for (Way way : Way.values()) {
            Optional<Ablation> ablation = report.of(technique, way);
            ablation.flatMap(a -> switch (phase) {
                case PREFILL -> Optional.of(a.ttft());
                case DECODE -> a.tpot();
            }).ifPresent(effect -> found
                    .add(new TechniqueWorth(way, ablation.orElseThrow().layer(), effect, report, later)));
        }
    }

    /// What was compared.
    public String label() {
        return switch (way) {
            case ADDED -> "Added to ";
            case REMOVED -> "Taken from ";
        } + StoredRun.layerName(layer) + (later ? ", tried now" : "");
    }

    /// How much more time without it, with the bounds of the interval: `without it +23.1 % (22.5 to 23.8)`.
    public String text() {
        String bounds = String.format(Locale.ROOT, "(%+.1f to %+.1f)", percent(effect.low()), percent(effect.high()));
        return effect.clear()
                ? String.format(Locale.ROOT, "without it %+.1f %% time %s", percent(effect.factor()), bounds)
                : "no clear effect " + bounds;
    }

    /// How the figure came about.
    public String explanation() {
        return String.format(Locale.ROOT,
                "time without it over time with it, less 1: geometric mean of %d pairs of runs in turns, with its 95 %% "
                        + "confidence interval; %.4f ms with it, %.4f ms without",
                effect.pairs(), effect.withMs(), effect.withoutMs());
    }

    private static double percent(double factor) {
        return (factor - 1) * 100;
    }

    /// Where it was tried.
    public String conditions() {
        AblationReport.Asked asked = trial.asked();
        return "batch " + asked.batch() + ", prompt " + asked.prompt() + ", " + asked.generate() + " new, "
                + asked.pairs() + " pairs" + (later ? ", on " + trial.machine().device() + ", " + trial.started() : "");
    }

    /// Where a run's ablations were made.
    public static Optional<String> conditions(StoredRun run) {
        return run.ablations().map(AblationReport::asked).map(asked -> "batch " + asked.batch() + ", prompt "
                + asked.prompt() + ", " + asked.generate() + " new, " + asked.pairs() + " pairs");
    }
}
