package org.moelab.app.shell;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.moelab.app.expectation.Expectations;
import org.moelab.app.expectation.Expectations.Marks;
import org.moelab.app.expectation.Figure.Range;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;

/// What the window and its pictures know of earlier runs: the one place where expectations come in.
final class EarlierRuns {
    /// Where speedups are expected.
    static final ExpectedSpeedup.Source EXPECTED = of(Expectations::bundled);

    private EarlierRuns() {
    }

    /// Speedups as some expectations have them; nothing for a run that these were made from, which is not earlier than itself.
    static ExpectedSpeedup.Source of(Supplier<Expectations> expectations) {
        return (run, phase) -> of(run, phase, expectations.get());
    }

    private static List<ExpectedSpeedup> of(StoredRun run, RunPhase phase, Expectations expectations) {
        RunReport report = run.report();
        boolean own = expectations.madeFrom().stream()
                .anyMatch(source -> source.started().equals(Optional.of(report.started())));
        if (own || report.layers().isEmpty()) {
            return List.of();
        }
        String from = expectations.madeFrom().stream().map(Expectations.Source::name)
                .collect(Collectors.joining(", "));
        Optional<Range> lowest = range(report, report.layers().getFirst(), phase, expectations);
        return lowest.stream().flatMap(base -> report.layers().stream().skip(1)
                .flatMap(layer -> range(report, layer, phase, expectations)
                        .map(time -> ExpectedSpeedup.ofTimes(layer.layer(), base.low(), base.high(), time.low(),
                                time.high(), from))
                        .stream()))
                .toList();
    }

    private static Optional<Range> range(RunReport report, LayerResult layer, RunPhase phase,
            Expectations expectations) {
        Optional<Marks> marks = expectations.of(report, layer.layer());
        return phase == RunPhase.PREFILL ? marks.map(Marks::ttftMs) : marks.flatMap(Marks::tpotMs);
    }
}
