package org.moelab.app.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.gpu.technique.Technique.Status;

/// What a run did not measure, or measured too little of.
final class Gaps {
    private Gaps() {
    }

    /// Each in a few words; empty where nothing is missing that a run can tell.
    static List<String> of(Subject subject) {
        StoredRun run = subject.run();
        RunReport report = run.report();
        List<String> gaps = new ArrayList<>();
        if (!report.complete()) {
            gaps.add("the run did not come to its end");
        }
        report.failures().forEach(f -> gaps.add(StoredRun.layerName(f.layer()) + " failed: " + f.reason()));
        List<String> without = subject.ladder(RunPhase.PREFILL).rungs().stream()
                .filter(r -> r.result().isEmpty() && r.failure().isEmpty()).map(Rung::name).toList();
        if (!without.isEmpty()) {
            gaps.add("not run: " + String.join(", ", without));
        }
        if (report.asked().repeats() < 2) {
            gaps.add("one repeat only: nothing tells noise from differences");
        }
        lacking(run, "no decode steps", l -> l.tpotMs().isPresent(), gaps);
        lacking(run, "no captured timeline", l -> run.timeline(l).isPresent(), gaps);
        lacking(run, "no energy", l -> l.energyJoules().isPresent(), gaps);
        lacking(run, "not checked against the reference", l -> l.check().isPresent(), gaps);
        if (report.ceilings().isEmpty()) {
            gaps.add("no ceilings of the machine, so no floors");
        }
        if (report.expertLoads().isEmpty()) {
            gaps.add("no expert loads");
        }
        if (run.ablations().isEmpty()) {
            gaps.add("no ablations: what single techniques are worth");
        }
        if (!Artefacts.holds(run.folder(), ".ncu-rep", ".ncu-rep.gz", ".ncu-repz")) {
            gaps.add("no kernel counters (no report of Nsight Compute)");
        }
        slower(subject, gaps);
        EarlierRuns.regressions(report).ifPresent(gaps::add);
        profiles(report, gaps);
        gaps.addAll(run.leftAside());
        techniques(subject, Status.NOT_YET, "techniques of the catalogue are not built yet", gaps);
        techniques(subject, Status.NOT_RUN, "are compiled and have never run", gaps);
        report.notes().forEach(note -> gaps.add("the run notes: " + note));
        return gaps;
    }

    private static void slower(Subject subject, List<String> gaps) {
        for (RunPhase phase : Subject.PHASES) {
            subject.ladder(phase).rungs().forEach(r -> r.incremental().filter(s -> s.factor() < 1 && s.repeated())
                    .filter(s -> !s.withinNoise()).ifPresent(s -> gaps.add(r.name() + " is slower in " + phase.label()
                            + " than the layer below, " + Words.speedup(s))));
        }
    }

    private static void profiles(RunReport report, List<String> gaps) {
        for (ProfileState state : List.of(ProfileState.LEFT_OUT, ProfileState.FAILED)) {
            Map<String, List<String>> layers = report.profiles().orElse(List.of()).stream()
                    .filter(p -> p.state() == state).collect(Collectors.groupingBy(Profile::kind, LinkedHashMap::new,
                            Collectors.mapping(p -> StoredRun.layerName(p.layer()), Collectors.toList())));
            layers.forEach((kind, of) -> gaps.add("profile " + kind.replace('_', ' ') + " " + Profiles.label(state)
                    + " of " + String.join(", ", of)));
        }
    }

    private static void techniques(Subject subject, Status status, String what, List<String> gaps) {
        long count = subject.catalogue().techniques().stream().filter(t -> t.status() == status).count();
        if (count > 0) {
            gaps.add(count + " of " + subject.catalogue().techniques().size() + " " + what);
        }
    }

    private static void lacking(StoredRun run, String what, Predicate<LayerResult> has, List<String> gaps) {
        List<String> layers = run.layers().stream().filter(has.negate()).map(LayerResult::layer).toList();
        if (!layers.isEmpty()) {
            gaps.add(what + " of " + (layers.size() == run.layers().size()
                    ? "any layer"
                    : layers.stream().map(StoredRun::layerName).collect(Collectors.joining(", "))));
        }
    }
}
