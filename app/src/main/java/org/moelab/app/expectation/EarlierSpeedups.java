package org.moelab.app.expectation;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.moelab.app.expectation.Expectations.Marks;
import org.moelab.app.expectation.Expectations.Source;
import org.moelab.app.expectation.Figure.Range;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;

/// Where speedups are expected, from what runs of the same workload measured: the marks in the charts of window and report.
public final class EarlierSpeedups {
    /// By the expectations of this build.
    public static final ExpectedSpeedup.Source EXPECTED = of(Expectations::bundled);
    private static final int DATE = "2026-01-31".length();

    private EarlierSpeedups() {
    }

    /// By some expectations; a run that these were made from is told so.
    static ExpectedSpeedup.Source of(Supplier<Expectations> expectations) {
        return (run, phase) -> of(run, phase, expectations.get());
    }

    private static List<ExpectedSpeedup> of(StoredRun run, RunPhase phase, Expectations expectations) {
        RunReport report = run.report();
        if (report.layers().isEmpty()) {
            return List.of();
        }
        String from = source(report, expectations);
        Optional<Range> lowest = range(report, report.layers().getFirst(), phase, expectations);
        return lowest.stream().flatMap(base -> report.layers().stream().skip(1)
                .flatMap(layer -> range(report, layer, phase, expectations)
                        .map(time -> ExpectedSpeedup.ofTimes(layer.layer(), base.low(), base.high(), time.low(),
                                time.high(), from))
                        .stream()))
                .toList();
    }

    /// How many runs, of which days: `4 to 7 runs, 2026-11-24 to 2026-11-29`.
    private static String source(RunReport report, Expectations expectations) {
        List<Integer> runs = report.layers().stream().flatMap(l -> expectations.of(report, l.layer()).stream())
                .map(Marks::runs).sorted().toList();
        List<String> dates = expectations.madeFrom().stream().flatMap(s -> s.started().stream())
                .filter(s -> s.length() >= DATE).map(s -> s.substring(0, DATE)).sorted().toList();
        boolean own = report.started().isPresent()
                && expectations.madeFrom().stream().map(Source::started).anyMatch(report.started()::equals);
        return runs.isEmpty()
                ? ""
                : span(runs.getFirst().toString(), runs.getLast().toString()) + (runs.getLast() == 1 ? " run" : " runs")
                        + (dates.isEmpty() ? "" : ", " + span(dates.getFirst(), dates.getLast()))
                        + (own ? ", this one among them" : "");
    }

    private static String span(String first, String last) {
        return first.equals(last) ? first : first + " to " + last;
    }

    private static Optional<Range> range(RunReport report, LayerResult layer, RunPhase phase,
            Expectations expectations) {
        Optional<Marks> marks = expectations.of(report, layer.layer());
        return phase == RunPhase.PREFILL ? marks.map(Marks::ttftMs) : marks.flatMap(Marks::tpotMs);
    }
}
