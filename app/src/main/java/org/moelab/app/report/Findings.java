package org.moelab.app.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Block.Lines;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.RunAdvice;
import org.moelab.app.run.RunPhase;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.Severity;

/// What rules find in the highest layer, with the figures that each finding follows from.
final class Findings implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        LayerResult top = subject.run().top();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("What rules find in " + subject.named(top.layer())
                + ". Shares are of a captured step. At most"
                + " is a bound by the measured times, no estimate: what would be left if the found thing vanished and nothing"
                + " else changed; bounds of several findings may count the same time."));
        Map<String, String> meanings = new LinkedHashMap<>();
        for (RunPhase phase : Subject.PHASES) {
            List<Finding> findings = RunAdvice.of(subject.run(), top, phase);
            blocks.add(new Heading(Words.begin(top.layer()) + " in " + phase.label()));
            findings.stream().filter(f -> f.severity() == Severity.NOTE)
                    .forEach(f -> blocks.add(new Note(true, f.title() + ". " + f.explanation()
                            + (f.evidence().isEmpty() ? "" : " " + evidence(f)))));
            List<Finding> grave = findings.stream().filter(f -> f.severity() != Severity.NOTE).toList();
            blocks.add(grave.isEmpty() ? new Paragraph("No rule found anything.") : table(subject, phase, grave));
            grave.forEach(f -> meanings.putIfAbsent(f.rule(), f.explanation()));
        }
        if (!meanings.isEmpty()) {
            blocks.add(new Fold("What the rules look at", List.of(new Lines(
                    meanings.entrySet().stream().map(e -> new Line(e.getKey(), e.getValue())).toList()))));
        }
        return Optional.of(new Section("advice", "Advice", blocks));
    }

    private static Table table(Subject subject, RunPhase phase, List<Finding> findings) {
        Table.Builder table = Table.of("advice-" + phase.label(),
                "Findings in " + phase.label() + ", the gravest first",
                Column.text("Severity", Basis.COMPUTED, "high from 10 % of the step on, medium from 3 %, else low"),
                Column.text("Finding", Basis.COMPUTED, "what the rule found"),
                Column.number("Time", "µs", 2, Basis.MEASURED, "what it is about, captured, a step"),
                Column.number("Share", "%", 1, Basis.COMPUTED, "of the captured step"),
                Column.number("At most", "µs", 2, Basis.COMPUTED,
                        "a bound on what could be gained; analytic where a floor is in it"),
                Column.text("Evidence", Basis.COMPUTED, "the figures that it follows from"),
                Column.text("Techniques", Basis.RECORDED, "of the catalogue, that address it"));
        for (Finding f : findings) {
            table.row(f.severity().label(), f.title(), f.timeNs() / 1e3, f.share() * 100,
                    f.boundNs().isPresent() ? f.boundNs().getAsDouble() / 1e3 : new Cell.Absent("no bound"),
                    evidence(f),
                    f.techniques().isEmpty() ? Cell.NONE : techniques(subject, f));
        }
        return table.build();
    }

    private static String techniques(Subject subject, Finding finding) {
        return finding.techniques().stream().map(id -> subject.catalogue().find(id)
                .map(t -> t.name() + " (layer " + t.layer() + ", " + t.status().label() + ")").orElse(id))
                .collect(Collectors.joining("; "));
    }

    /// The figures that a finding follows from.
    static String evidence(Finding finding) {
        return finding.evidence().stream().map(e -> e.label() + " " + e.text()).collect(Collectors.joining("; "));
    }
}
