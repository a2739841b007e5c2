package org.moelab.app.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.KeyFigure;
import org.moelab.app.report.document.Block.KeyFigures;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Block.Lines;
import org.moelab.app.report.document.Section;
import org.moelab.app.run.Ladder;
import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.run.OperationFloors;
import org.moelab.app.run.RunAdvice;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.Speedup;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.Effect;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.GpuState;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.Spread;
import org.moelab.gpu.technique.Technique;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.Severity;
import org.moelab.traces.model.Unit;

/// The run in its few most telling figures and ten lines.
final class Summary implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        List<Block> blocks = List.of(keyFigures(subject), new Lines(List.of(
                new Line("What ran", ran(subject)),
                new Line("On what", machine(subject.run().report())),
                new Line("Top", top(subject)),
                new Line("Speedup in all", inAll(subject)),
                new Line("Layer that brought most", largestSteps(subject)),
                new Line("Largest operation", largestOperation(subject)),
                new Line("Numerical error", error(subject)),
                new Line("Technique worth most", worthMost(subject)),
                new Line("Largest finding", largestFinding(subject)),
                new Line("Short or not measured", gaps(subject)))));
        return Optional.of(new Section("summary", "Summary", blocks));
    }

    private static Block keyFigures(Subject subject) {
        LayerResult top = subject.run().top();
        List<KeyFigure> figures = new ArrayList<>();
        figures.add(new KeyFigure("Decode", top.decodeTokensPerSecond().map(Words::rate).orElse(Words.NOT_MEASURED),
                speedupDetail(subject, RunPhase.DECODE), Basis.MEASURED, "layers[].decode_tokens_per_second"));
        figures.add(new KeyFigure("Prefill", Words.rate(top.prefillTokensPerSecond()),
                speedupDetail(subject, RunPhase.PREFILL), Basis.MEASURED, "layers[].prefill_tokens_per_second"));
        figures.add(new KeyFigure("TTFT", Words.ms(top.ttftMs().p50()), "p90 " + Words.ms(top.ttftMs().p90()),
                Basis.MEASURED, "layers[].ttft_ms, median of the repeats"));
        figures.add(new KeyFigure("TPOT", top.tpotMs().map(t -> Words.ms(t.p50())).orElse(Words.NOT_MEASURED),
                top.interTokenMs().map(t -> "step p99 " + Words.ms(t.p99())).orElse(""), Basis.MEASURED,
                "layers[].tpot_ms, median of the repeats; step: inter_token_ms"));
        figures.add(new KeyFigure("Energy", Words.joulesPerToken(top, subject.run().report().asked())
                .map(j -> String.format(Locale.ROOT, "%.3f J/token", j)).orElse(Words.NOT_MEASURED),
                "prompts included", Basis.COMPUTED, "layers[].energy_joules by NVML ÷ new tokens"));
        return new KeyFigures(figures);
    }

    private static String speedupDetail(Subject subject, RunPhase phase) {
        return cumulative(subject, phase).map(s -> Words.times(s.factor()) + " over "
                + subject.ladder(phase).measured().getFirst().name()).orElse("");
    }

    private static Optional<Speedup> cumulative(Subject subject, RunPhase phase) {
        return subject.ladder(phase).rung(subject.run().top().layer()).flatMap(Rung::cumulative);
    }

    private static String ran(Subject subject) {
        StoredRun run = subject.run();
        return run.about() + "; layers " + String.join(", ", run.layers().stream().map(LayerResult::layer).toList());
    }

    private static String machine(RunReport report) {
        StringBuilder text = new StringBuilder(report.machine().device());
        report.machine().gpu().flatMap(g -> g.found()).flatMap(GpuState::driver)
                .ifPresent(driver -> text.append(", driver ").append(driver));
        report.versions().cuda().ifPresent(cuda -> text.append(", CUDA ").append(cuda));
        text.append(", JDK ").append(report.versions().java()).append(", MoE Lab ")
                .append(report.versions().moelab());
        report.versions().commit().ifPresent(commit -> text.append(" at commit ").append(commit));
        return text.toString();
    }

    private static String top(Subject subject) {
        LayerResult top = subject.run().top();
        return subject.named(top.layer()) + ": decode "
                + top.decodeTokensPerSecond().map(Words::rate).orElse(Words.NOT_MEASURED) + ", TTFT "
                + Words.ms(top.ttftMs().p50()) + ", TPOT "
                + top.tpotMs().map(Spread::p50).map(Words::ms).orElse(Words.NOT_MEASURED);
    }

    private static String inAll(Subject subject) {
        List<String> parts = new ArrayList<>();
        for (RunPhase phase : Subject.PHASES) {
            cumulative(subject, phase).ifPresent(s -> parts.add(phase.label() + " " + Words.speedup(s)));
        }
        return parts.isEmpty()
                ? "not measured: one layer ran"
                : String.join(", ", parts) + " over " + subject.ladder(RunPhase.PREFILL).measured().getFirst().name()
                        + ", medians with what the repeats allow";
    }

    private static String largestSteps(Subject subject) {
        List<String> parts = new ArrayList<>();
        for (RunPhase phase : Subject.PHASES) {
            Ladder ladder = subject.ladder(phase);
            Layers.largestStep(ladder).ifPresent(rung -> parts.add(phase.label() + ": " + subject.named(rung.id()) + " "
                    + rung.incremental().map(Words::speedup).orElse("")));
        }
        return parts.isEmpty() ? "not measured: one layer ran" : String.join("; ", parts);
    }

    private static String largestOperation(Subject subject) {
        List<String> parts = new ArrayList<>();
        for (RunPhase phase : Subject.PHASES) {
            OperationFloors.of(subject.run(), subject.run().top(), phase)
                    .flatMap(floors -> floors.measured().stream()
                            .max(Comparator.comparingDouble(r -> r.measuredUs().orElseThrow()))
                            .map(row -> operation(phase, row, floors)))
                    .ifPresent(parts::add);
        }
        return parts.isEmpty() ? "not measured: no ceilings or no captured times" : String.join("; ", parts);
    }

    private static String operation(RunPhase phase, OperationFloors.Row row, OperationFloors floors) {
        double us = row.measuredUs().orElseThrow();
        return phase.label() + ": " + row.name() + ", " + Words.us(us) + " of " + Words.us(floors.measuredUs())
                + " captured, " + row.timesFloor().map(t -> Words.times(t) + " its floor of " + Words.us(row.floorUs())
                        + " by " + row.bound() + " (analytic)").orElse("with no floor to speak of");
    }

    private static String error(Subject subject) {
        return subject.run().layers().stream().filter(l -> l.check().isPresent())
                .max(Comparator.comparingDouble(l -> Layers.worst(l.check().orElseThrow()) / Layers.bound(l)))
                .map(l -> {
                    double worst = Layers.worst(l.check().orElseThrow());
                    return String.format(Locale.ROOT, "at worst %.4f of %.3f that may be (%s), %s on the %s model",
                            worst, Layers.bound(l), Words.percent(worst / Layers.bound(l)), subject.named(l.layer()),
                            l.check().orElseThrow().model());
                }).orElse("not measured: no layer was checked against the reference");
    }

    private record Worth(Technique technique, Effect effect) {}

    private static String worthMost(Subject subject) {
        List<String> parts = new ArrayList<>();
        for (RunPhase phase : Subject.PHASES) {
            subject.catalogue().techniques().stream()
                    .flatMap(t -> Techniques.effect(subject.run(), t, phase, Way.REMOVED).filter(Effect::clear)
                            .filter(e -> e.factor() > 1).map(e -> new Worth(t, e)).stream())
                    .max(Comparator.comparingDouble(w -> w.effect.factor()))
                    .ifPresent(w -> parts.add(String.format(Locale.ROOT,
                            "%s: %s, without it %+.1f %% time (%.1f to %.1f) when taken from the highest layer",
                            phase.label(), w.technique.name(), (w.effect.factor() - 1) * 100,
                            (w.effect.low() - 1) * 100, (w.effect.high() - 1) * 100)));
        }
        return parts.isEmpty()
                ? "not measured: " + (subject.run().ablations().isEmpty() ? "no ablations" : "no clear effect")
                : String.join("; ", parts);
    }

    private static String largestFinding(Subject subject) {
        List<String> parts = new ArrayList<>();
        for (RunPhase phase : Subject.PHASES) {
            RunAdvice.of(subject.run(), subject.run().top(), phase).stream()
                    .filter(f -> f.severity() != Severity.NOTE).findFirst()
                    .ifPresent(f -> parts.add(phase.label() + ": " + finding(f)));
        }
        return parts.isEmpty() ? "no rule found anything in the highest layer" : String.join("; ", parts);
    }

    private static String finding(Finding f) {
        String title = Character.toLowerCase(f.title().charAt(0)) + f.title().substring(1);
        return title + ", " + Words.percent(f.share()) + " of the step"
                + (f.boundNs().isPresent()
                        ? ", at most " + Unit.NANOSECONDS.format(f.boundNs().getAsDouble()) + " to gain"
                        : ", no bound on what could be gained");
    }

    private static String gaps(Subject subject) {
        List<String> gaps = Gaps.of(subject);
        return gaps.isEmpty() ? "nothing that a run measures" : String.join("; ", gaps);
    }
}
