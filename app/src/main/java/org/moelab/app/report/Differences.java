package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.moelab.app.run.OperationGains.Part;
import org.moelab.app.run.OperationGains.Row;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;

/// Where the captured time went from the lowest layer to the highest, and from each layer to the next, operation by operation.
final class Differences implements org.moelab.app.report.Part {
    static final double US_PER_MS = 1e3;

    @Override
    public Optional<Section> of(Subject subject) {
        StoredRun run = subject.run();
        if (run.layers().size() < 2) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                new Paragraph("Captured times by operation. Rows of families, of other work and of idle time sum to the"
                        + " captured step, and so do their differences. The captured run is one run apart from those that were timed:"
                        + " its steps are a little longer."));
        for (RunPhase phase : Subject.PHASES) {
            blocks.add(new Heading("In " + phase.label()));
            blocks.add(whole(run.layers().getFirst(), run.top(), phase));
            for (int i = 1; i < run.layers().size(); i++) {
                LayerResult before = run.layers().get(i - 1);
                LayerResult after = run.layers().get(i);
                blocks.add(new Fold(between(before, after) + " in " + phase.label(),
                        List.of(whole(before, after, phase))));
            }
        }
        return Optional.of(new Section("differences", "Differences between layers", blocks));
    }

    private static String between(LayerResult before, LayerResult after) {
        return Words.begin(before.layer()) + " → " + StoredRun.layerName(after.layer());
    }

    private static Block whole(LayerResult before, LayerResult after, RunPhase phase) {
        return OperationGains.of(before, after, phase).<Block>map(gains -> table(
                "gains-" + phase.label() + "-" + id(before.layer()) + "-" + id(after.layer()),
                between(before, after) + ": captured time "
                        + (phase == RunPhase.DECODE ? "a decode step" : "a prompt")
                        + ", families with the largest difference first",
                StoredRun.layerName(before.layer()), StoredRun.layerName(after.layer()), gains))
                .orElseGet(() -> new Note(true, "Not measured: " + phase.label() + " of "
                        + StoredRun.layerName((captured(before, phase) ? after : before).layer())
                        + " was not captured."));
    }

    private static boolean captured(LayerResult layer, RunPhase phase) {
        return phase.cost(layer).flatMap(c -> c.device()).isPresent();
    }

    static String id(String layer) {
        return layer.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /// The gains as a table: families each with the operations that changed.
    ///
    /// @param before what the one side is called
    /// @param after what the other is called
    static Table table(String id, String caption, String before, String after, OperationGains gains) {
        String source = "operations[].time_us ÷ steps, captured; families are sums of their operations";
        Table.Builder table = Table.of(id, caption,
                Column.text("Work", Basis.RECORDED, "run.json, operations[].kind and .name"),
                Column.number(capitalised(before), "µs", 3, Basis.MEASURED, source),
                Column.number(capitalised(after), "µs", 3, Basis.MEASURED, source),
                Column.number("Difference", "µs", 3, Basis.COMPUTED, after + " − " + before),
                Column.code("Implementation", Basis.RECORDED, "operations[].implementation; both where they differ"));
        for (Row row : gains.rows()) {
            table.add(rank(row), row.part() == Part.OPERATION ? "· " + row.name() : row.name(), us(row.beforeMs()),
                    us(row.afterMs()), -row.savedMs() * US_PER_MS,
                    row.implementation().isEmpty() ? Cell.NONE : new Cell.Text(row.implementation()));
        }
        return table.build();
    }

    static Cell us(Optional<Double> ms) {
        return ms.<Cell>map(t -> new Cell.Value(t * US_PER_MS)).orElse(Cell.NONE);
    }

    static Table.Rank rank(Row row) {
        return switch (row.part()) {
            case FAMILY, REST, IDLE -> Table.Rank.GROUP;
            case OPERATION -> Table.Rank.PLAIN;
            case STEP -> Table.Rank.SUM;
        };
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
