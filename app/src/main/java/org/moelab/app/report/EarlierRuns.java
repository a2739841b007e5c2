package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.expectation.Check;
import org.moelab.app.expectation.Comparison;
import org.moelab.app.expectation.Comparison.Verdict;
import org.moelab.app.expectation.Expectations;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;

/// The run held against what earlier runs of its kind measured.
final class EarlierRuns implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        RunReport run = subject.run().report();
        Expectations expectations = Expectations.bundled();
        Optional<String> obstacle = Check.obstacle(run, expectations);
        if (obstacle.isPresent()) {
            return section(List.of(new Paragraph("Not held against earlier runs: " + obstacle.get() + ".")));
        }
        Check check = Check.of(run, expectations);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("Against the runs that came with this build: "
                + String.join(", ", expectations.madeFrom().stream().map(Expectations.Source::name).toList()) + ". "
                + check.method()));
        if (isAmongThem(run, expectations)) {
            blocks.add(new Note(true, "This run is one of those that expectations were made from."));
        }
        check.failures().forEach(f -> blocks.add(
                new Note(true, "Regressed: " + StoredRun.layerName(f.layer()) + " failed, " + f.reason() + ".")));
        regressed(check).forEach(c -> blocks.add(new Note(true, sentence(c))));
        check.of(Verdict.IMPROVED).stream().filter(Comparison::isWhole)
                .forEach(c -> blocks.add(new Note(false, sentence(c))));
        if (!check.regressed()) {
            blocks.add(new Paragraph("Nothing is slower than expected beyond noise."));
        }
        blocks.add(wholes(check));
        operations(check, blocks);
        if (!check.notes().isEmpty()) {
            blocks.add(new Fold("What could not be compared, or is new (" + check.notes().size() + ")",
                    check.notes().stream().<Block>map(note -> new Paragraph(note + ".")).toList()));
        }
        return section(blocks);
    }

    private static Optional<Section> section(List<Block> blocks) {
        return Optional.of(new Section("earlier", "Held against earlier runs", blocks));
    }

    private static boolean isAmongThem(RunReport run, Expectations expectations) {
        return run.started().isPresent()
                && expectations.madeFrom().stream().anyMatch(s -> s.started().equals(run.started()));
    }

    /// The times to the first token and per output token that are slower beyond noise.
    private static Stream<Comparison> regressed(Check check) {
        return check.of(Verdict.REGRESSED).stream().filter(Comparison::isWhole);
    }

    private static String sentence(Comparison comparison) {
        String about = comparison.about();
        return Character.toUpperCase(about.charAt(0)) + about.substring(1) + ".";
    }

    /// The regressions of a run in a few words; empty where there are none, or nothing that it could be held against.
    static Optional<String> regressions(RunReport run) {
        if (Check.obstacle(run, Expectations.bundled()).isPresent()) {
            return Optional.empty();
        }
        Check check = Check.of(run, Expectations.bundled());
        List<String> slower = Stream.concat(regressed(check).map(c -> String.format(Locale.ROOT, "%s of %s by %.1f %%",
                c.subject(), StoredRun.layerName(c.layer()), 100 * c.relative())), operationsSlower(check)).toList();
        return slower.isEmpty()
                ? Optional.empty()
                : Optional.of("slower than earlier runs beyond noise: " + String.join(", ", slower));
    }

    private static Stream<String> operationsSlower(Check check) {
        long count = check.of(Verdict.REGRESSED).stream().filter(c -> !c.isWhole()).count();
        return count == 0
                ? Stream.empty()
                : Stream.of(count == 1 ? "one operation" : count + " operations");
    }

    private static Table wholes(Check check) {
        Table.Builder table = Table.of("earlier-layers", "Times of each layer against those expected of it",
                Column.text("Layer", Basis.RECORDED, "run.json, layers[].layer"),
                Column.text("Figure", Basis.RECORDED, "the time to the first token, or per output token"),
                Column.number("Expected", "ms", 4, Basis.MEASURED, "median of the earlier runs"),
                Column.number("This run", "ms", 4, Basis.MEASURED, "layers[].ttft_ms.p50, .tpot_ms.p50"),
                Column.number("Change", "ms", 4, Basis.COMPUTED, "this run − expected"),
                Column.number("Change", "%", 2, Basis.COMPUTED, "the same over the expected"),
                Column.number("Noise", "%", 2, Basis.COMPUTED,
                        "standard deviation of ln(this run ÷ expected) where nothing changed"),
                Column.number("Widths", "", 2, Basis.COMPUTED, "ln(this run ÷ expected) ÷ noise; positive is slower"),
                Column.text("Verdict", Basis.COMPUTED, "by Holm's method over all comparisons, operations included"));
        check.comparisons().stream().filter(Comparison::isWhole)
                .forEach(c -> table.row(c.layer(), c.subject(), c.expectedMs(), c.measuredMs(), c.deltaMs(),
                        100 * c.relative(), 100 * c.noise(), c.widths(), c.verdict().label()));
        return table.build();
    }

    private static void operations(Check check, List<Block> blocks) {
        List<Comparison> moved = Stream.of(Verdict.REGRESSED, Verdict.IMPROVED, Verdict.TOO_SMALL)
                .flatMap(v -> check.of(v).stream())
                .filter(c -> !c.isWhole()).toList();
        long all = check.comparisons().stream().filter(c -> !c.isWhole()).count();
        blocks.add(new Heading("Operations"));
        if (moved.isEmpty()) {
            blocks.add(new Paragraph(all == 0
                    ? "No operation could be compared."
                    : "None of " + all + " operations moved beyond noise."));
            return;
        }
        Table.Builder table = Table.of("earlier-operations",
                moved.size() + " of " + all + " operations moved beyond noise, slower ones first",
                Column.text("Layer", Basis.RECORDED, "run.json, layers[].layer"),
                Column.text("Phase", Basis.RECORDED, "prefill or decode"),
                Column.text("Operation", Basis.RECORDED, "operations[].name"),
                Column.number("Expected", "µs", 2, Basis.MEASURED, "median of the earlier runs, captured, a step"),
                Column.number("This run", "µs", 2, Basis.MEASURED, "operations[].time_us ÷ steps"),
                Column.number("Change", "%", 1, Basis.COMPUTED, "(this run − expected) ÷ expected"),
                Column.number("Widths", "", 1, Basis.COMPUTED, "ln(this run ÷ expected) ÷ noise; positive is slower"),
                Column.number("Of the whole", "%", 2, Basis.COMPUTED, "change ÷ the expected TTFT or TPOT"),
                Column.text("Verdict", Basis.COMPUTED, "by Holm's method over all comparisons"),
                Column.text("Remark", Basis.RECORDED, "what else is known"));
        moved.forEach(c -> table.row(c.layer(), c.phase().label(), c.operation(), 1e3 * c.expectedMs(),
                1e3 * c.measuredMs(), 100 * c.relative(), c.widths(), 100 * c.ofWhole(), c.verdict().label(),
                c.remark().isEmpty() ? Cell.NONE : c.remark()));
        blocks.add(table.build());
    }
}
