package org.moelab.app.shell;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
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

/// What the window and its pictures know of other runs: the one place where expectations come in.
final class OtherRuns {
    /// Where speedups are expected.
    static final ExpectedSpeedup.Source EXPECTED = of(Expectations::bundled);

    private OtherRuns() {
    }

    /// Speedups as some expectations have them; nothing for a run that these were made from, which is no other than itself.
    static ExpectedSpeedup.Source of(Supplier<Expectations> expectations) {
        return (run, phase) -> of(run, phase, expectations.get());
    }

    private static List<ExpectedSpeedup> of(StoredRun run, RunPhase phase, Expectations expectations) {
        RunReport report = run.report();
        boolean own = report.started().isPresent()
                && expectations.madeFrom().stream().anyMatch(source -> source.started().equals(report.started()));
        if (own || report.layers().isEmpty()) {
            return List.of();
        }
        String from = words(report, expectations.madeFrom());
        Optional<Range> lowest = range(report, report.layers().getFirst(), phase, expectations);
        return lowest.stream().flatMap(base -> report.layers().stream().skip(1)
                .flatMap(layer -> range(report, layer, phase, expectations)
                        .map(time -> ExpectedSpeedup.ofTimes(layer.layer(), base.low(), base.high(), time.low(),
                                time.high(), from))
                        .stream()))
                .toList();
    }

    /// The runs by name and day; called earlier only where all of them are known to be.
    private static String words(RunReport report, List<Expectations.Source> sources) {
        boolean earlier = sources.stream().allMatch(source -> source.started().flatMap(OtherRuns::instant)
                .flatMap(theirs -> report.started().flatMap(OtherRuns::instant).map(theirs::isBefore)).orElse(false));
        return sources.stream().map(OtherRuns::named)
                .collect(Collectors.joining(", ", earlier ? "earlier runs (" : "other runs (", ")"));
    }

    private static Optional<Instant> instant(String started) {
        try {
            return Optional.of(OffsetDateTime.parse(started).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty(); // reports are files that people can edit
        }
    }

    /// The name, with the day where the name does not tell it.
    private static String named(Expectations.Source source) {
        String day = source.started().map(s -> s.substring(0, Math.min(10, s.length()))).orElse("");
        return day.isEmpty() || source.name().contains(day) ? source.name() : source.name() + " of " + day;
    }

    private static Optional<Range> range(RunReport report, LayerResult layer, RunPhase phase,
            Expectations expectations) {
        Optional<Marks> marks = expectations.of(report, layer.layer());
        return phase == RunPhase.PREFILL ? marks.map(Marks::ttftMs) : marks.flatMap(Marks::tpotMs);
    }
}
