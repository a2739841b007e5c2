package org.moelab.app.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Peers' results as rows.
public final class PeerTable {
    private PeerTable() {
    }

    /// A row a result, with every column.
    public static ReportTable of(List<PeerResult> results) {
        List<Column> columns = new ArrayList<>(List.of(Column.text("Tool", "the benchmark"),
                Column.text("Version", "of the engine, or its build"), Column.text("Model", "as the tool writes it"),
                Column.text("GPU", "by name"),
                Column.text("Batch", "sequences at once; of a server, requests in flight at most"),
                Column.real("Prompt", Unit.NONE, "tokens of a prompt, mean", 0),
                Column.real("Context", Unit.NONE, "tokens held before the first new one", 0),
                Column.real("New", Unit.NONE, "new tokens of a sequence, mean", 0),
                Column.text("Precision", "of the weights, as the tool writes it"),
                rate("Prefill (tok/s)", "prompt tokens of the batch while prompts are read"),
                rate("Decode a Sequence (tok/s)", "of one sequence in decode"),
                rate("Decode (tok/s)", "of the batch in decode"),
                rate("Output (tok/s)", "new tokens over the whole time, waiting included"),
                rate("Overall (tok/s)", "prompt and new tokens over the whole time")));
        for (String time : List.of("TTFT", "TPOT", "ITL", "Request")) {
            columns.add(Column.real(time + " (ms)", Unit.NONE, "median", 3));
            columns.add(Column.real(time + " Mean (ms)", Unit.NONE, "mean", 3));
            columns.add(Column.real(time + " P90 (ms)", Unit.NONE, "90th percentile", 3));
            columns.add(Column.real(time + " P95 (ms)", Unit.NONE, "95th percentile", 3));
            columns.add(Column.real(time + " P99 (ms)", Unit.NONE, "99th percentile", 3));
        }
        columns.add(Column.text("Notes", "what else a reader should know"));
        columns.add(Column.text("File", "where it is from"));
        return new ReportTable(columns, results.stream().map(PeerTable::row).toList());
    }

    private static List<Cell> row(PeerResult r) {
        PeerSetup s = r.setup();
        List<Cell> row = new ArrayList<>(List.of(Cell.of(r.tool()), text(r.version()), text(s.model()), text(s.gpu()),
                Cell.of(batch(s)), number(s.prompt()), number(s.context()), number(s.generated()), text(s.precision()),
                number(r.rates().prefill()), number(r.rates().decodeSequence()), number(r.rates().decodeTotal()),
                number(r.rates().output()), number(r.rates().overall())));
        for (Latency l : List.of(r.ttftMs(), r.tpotMs(), r.itlMs(), r.requestMs())) {
            row.addAll(List.of(number(l.p50()), number(l.mean()), number(l.p90()), number(l.p95()), number(l.p99())));
        }
        row.add(Cell.of(String.join("; ", r.notes())));
        row.add(Cell.of(r.source()));
        return row;
    }

    /// The table without columns that hold nothing, for people.
    public static ReportTable withoutEmpty(ReportTable table) {
        List<Integer> kept = IntStream.range(0, table.columns().size())
                .filter(i -> table.rows().stream().anyMatch(row -> !isEmpty(row.get(i)))).boxed().toList();
        return new ReportTable(kept.stream().map(table.columns()::get).toList(),
                table.rows().stream().map(row -> kept.stream().map(row::get).toList()).toList());
    }

    private static boolean isEmpty(Cell cell) {
        return cell instanceof Cell.Missing || cell instanceof Cell.Text(String text) && text.isEmpty();
    }

    /// A row a figure that both have.
    public static ReportTable beside(List<Beside> rows) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Tool", "the benchmark"),
                Column.text("Measure", "what the figures are of"), Column.text("Unit", "of both"),
                Column.real("Theirs", Unit.NONE, "median where the tool states one, else mean", 2),
                Column.real("Ours", Unit.NONE, "at the median", 2),
                Column.real("Ours as Fast", Unit.RATIO,
                        "how often as fast ours is; only where model, GPU, batch, lengths and precision match", 3),
                Column.text("Differs", "why there is no ratio"),
                Column.text("Remark", "what the ratio does not account for"), Column.text("File", "of theirs"));
        for (Beside b : rows) {
            table.row(b.peer().tool(), b.measure(), b.unit(), Cell.of(b.theirs()), Cell.of(b.ours()),
                    number(b.ratio()), String.join("; ", b.differs()), String.join("; ", b.remarks()),
                    b.peer().source());
        }
        return table.build();
    }

    private static Column rate(String name, String formula) {
        return Column.real(name, Unit.NONE, formula, 1);
    }

    private static String batch(PeerSetup setup) {
        return setup.sequences().map(s -> (setup.concurrent() ? "≤ " : "") + s).orElse("");
    }

    private static Cell text(Optional<String> value) {
        return Cell.of(value.orElse(""));
    }

    private static Cell number(Optional<Double> value) {
        return Cell.of(value.orElse(Double.NaN));
    }

    /// A figure with one digit after the point.
    static String short1(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
