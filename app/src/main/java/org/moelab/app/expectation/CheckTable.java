package org.moelab.app.expectation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.moelab.gpu.bench.RunReport;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// A check as rows.
public final class CheckTable {
    private CheckTable() {
    }

    /// A row a comparison, in the order given.
    public static ReportTable of(Collection<Comparison> comparisons) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Layer", "its id"),
                Column.text("Phase", "prefill or decode"),
                Column.text("Subject", "TTFT or TPOT for the whole, else an operation"),
                Column.text("Verdict", "regressed, improved, moved too little to fail, or within noise"),
                Column.real("Expected (ms)", Unit.NONE, "median of the earlier runs; of operations, in a step", 4),
                Column.real("Measured (ms)", Unit.NONE, "the same of this run", 4),
                Column.real("Change (ms)", Unit.NONE, "measured - expected", 4),
                Column.real("Change (%)", Unit.PERCENT, "the same over the expected", 2),
                Column.real("Widths", Unit.NONE, "ln(measured / expected) over its noise; positive is slower", 2),
                Column.real("Of Whole (%)", Unit.PERCENT, "change over the expected TTFT or TPOT", 2),
                Column.real("Explains (%)", Unit.PERCENT,
                        "change over that of the TTFT or TPOT, where that moved beyond noise", 1),
                Column.text("Remark", "what else is known"));
        for (Comparison c : comparisons) {
            table.row(c.layer(), c.phase().label(), c.subject(), c.verdict().label(), Cell.of(c.expectedMs()),
                    Cell.of(c.measuredMs()), Cell.of(c.deltaMs()), Cell.of(100 * c.relative()), Cell.of(c.widths()),
                    Cell.of(100 * c.ofWhole()), percent(c.explains()), c.remark());
        }
        return table.build();
    }

    /// The targets of others beside what the run measured.
    public static ReportTable targets(RunReport run, List<TargetStanding> standings) {
        ReportTable.Builder table = ReportTable.builder(Column.text("GPU", "for which it was published"),
                Column.text("Model", "by name"), Column.text("Target", "what the figures are of"),
                Column.text("Published", "the figures"), Column.text("Source", "where they are from"),
                Column.real("This Run", Unit.NONE, "what this run measured of it", 2),
                Column.text("Of", "what that is"),
                Column.real("Ratio", Unit.RATIO, "this run over the target's lower bound, on the same GPU only", 3),
                Column.text("Remark", "why there is a ratio, or none"));
        for (TargetStanding s : standings) {
            Target t = s.target();
            table.row(t.gpu(), t.model(), t.subject(), t.figures(), t.source(), number(s.own()), s.ownAbout(),
                    number(s.ratio()), s.remark(run));
        }
        return table.build();
    }

    private static Cell number(Optional<Double> value) {
        return Cell.of(value.orElse(Double.NaN));
    }

    private static Cell percent(Optional<Double> part) {
        return Cell.of(part.map(p -> 100 * p).orElse(Double.NaN));
    }
}
