package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
import org.moelab.app.run.OperationGains;
import org.moelab.app.run.OperationGains.Row;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.Speedup;
import org.moelab.app.run.StoredRun;

/// The operations of the layers that both runs have, side by side.
final class ComparedOperations implements PairPart {
    @Override
    public Optional<Section> of(Pair pair) {
        if (pair.common().isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph(
                "Captured times by operation, which sum to the captured step with other work and idle time, and"
                        + " so do the differences. Each run captures a layer once: whether a difference is more than noise is judged"
                        + " by how far the phase's own repeats spread in both runs."));
        for (RunPhase phase : Subject.PHASES) {
            blocks.add(new Heading("In " + phase.label()));
            Pair.Both last = pair.common().getLast();
            for (Pair.Both both : pair.common().reversed()) {
                Block table = table(both, phase);
                blocks.add(both.equals(last)
                        ? table
                        : new Fold(Words.begin(both.layer()) + " in " + phase.label(), List.of(table)));
            }
        }
        return Optional.of(new Section("operations", "Operation by operation", blocks));
    }

    private static Block table(Pair.Both both, RunPhase phase) {
        Optional<OperationGains> gains = OperationGains.of(both.inA(), both.inB(), phase);
        if (gains.isEmpty()) {
            return new Note(true, "Not measured: " + phase.label() + " of " + StoredRun.layerName(both.layer())
                    + " was not captured in both runs.");
        }
        String source = "operations[].time_us ÷ steps, captured, of ";
        Table.Builder table = Table.of("operations-" + phase.label() + "-" + Differences.id(both.layer()),
                Words.begin(both.layer()) + ": captured time "
                        + (phase == RunPhase.DECODE ? "a decode step" : "a prompt"),
                Column.text("Work", Basis.RECORDED, "run.json, operations[].kind and .name"),
                Column.number("A", "µs", 3, Basis.MEASURED, source + "A"),
                Column.number("B", "µs", 3, Basis.MEASURED, source + "B"),
                Column.number("Difference", "µs", 3, Basis.COMPUTED, "B − A"),
                Column.text("Verdict", Basis.COMPUTED,
                        "within noise where the repeats' spread explains the difference"),
                Column.code("Implementation", Basis.RECORDED, "operations[].implementation; both where they differ"));
        Optional<Speedup> spread = ComparedLayers.speedup(both, phase);
        for (Row row : gains.get().rows()) {
            table.add(Differences.rank(row),
                    row.part() == OperationGains.Part.OPERATION ? "· " + row.name() : row.name(),
                    Differences.us(row.beforeMs()), Differences.us(row.afterMs()),
                    -row.savedMs() * Differences.US_PER_MS, verdict(row, spread),
                    row.implementation().isEmpty() ? Cell.NONE : new Cell.Text(row.implementation()));
        }
        return table.build();
    }

    private static String verdict(Row row, Optional<Speedup> spread) {
        if (row.beforeMs().isEmpty() || row.afterMs().isEmpty()) {
            return row.beforeMs().isEmpty() ? "only in B" : "only in A";
        }
        double a = row.beforeMs().get();
        double b = row.afterMs().get();
        return a > 0 && b > 0 ? spread.map(s -> Verdict.of(a, b, s)).orElse("no noise known") : "–";
    }
}
