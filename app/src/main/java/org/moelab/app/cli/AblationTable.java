package org.moelab.app.cli;

import java.util.Optional;
import java.util.function.ToDoubleFunction;

import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.AblationReport.Ablation;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.Effect;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// What techniques are worth, as a table: a row for each technique and way.
final class AblationTable {
    private AblationTable() {
    }

    static ReportTable of(AblationReport report) {
        String factor = "time without the technique over time with it, geometric mean over the pairs";
        ReportTable.Builder table = ReportTable.builder(Column.text("Technique", "its id"),
                Column.text("Way", "added to the layer below its own, or removed from the highest"),
                Column.text("Layer", "the layer that it was added to or removed from"),
                Column.real("TPOT With (ms)", Unit.NONE, "mean time per output token with it", 4),
                Column.real("TPOT Without (ms)", Unit.NONE, "the same without it", 4),
                Column.real("TPOT Factor", Unit.RATIO, factor, 4),
                Column.real("Low", Unit.RATIO, "lower bound of the 95 % confidence interval of the factor", 4),
                Column.real("High", Unit.RATIO, "upper bound", 4),
                Column.real("TTFT With (ms)", Unit.NONE, "mean time to first token with it", 4),
                Column.real("TTFT Without (ms)", Unit.NONE, "the same without it", 4),
                Column.real("TTFT Factor", Unit.RATIO, factor, 4),
                Column.real("TTFT Low", Unit.RATIO, "lower bound of its interval", 4),
                Column.real("TTFT High", Unit.RATIO, "upper bound", 4),
                Column.text("Remark", "whether the intervals leave out 1, and whether the two ways differ"));
        for (Ablation a : report.ablations()) {
            table.row(a.technique(), a.way().label(), a.layer(), cell(a.tpot(), Effect::withMs),
                    cell(a.tpot(), Effect::withoutMs), cell(a.tpot(), Effect::factor), cell(a.tpot(), Effect::low),
                    cell(a.tpot(), Effect::high), Cell.of(a.ttft().withMs()), Cell.of(a.ttft().withoutMs()),
                    Cell.of(a.ttft().factor()), Cell.of(a.ttft().low()), Cell.of(a.ttft().high()),
                    remark(report, a));
        }
        return table.build();
    }

    private static Cell cell(Optional<Effect> effect, ToDoubleFunction<Effect> figure) {
        return effect.map(e -> Cell.of(figure.applyAsDouble(e))).orElse(Cell.Missing.MISSING);
    }

    private static String remark(AblationReport report, Ablation a) {
        String decode = a.tpot().map(e -> e.clear() ? "" : "TPOT within noise").orElse("");
        String prefill = a.ttft().clear() ? "" : "TTFT within noise";
        String noise = decode.isEmpty() || prefill.isEmpty() ? decode + prefill : "within noise";
        Optional<Ablation> other = report.of(a.technique(), a.way() == Way.ADDED ? Way.REMOVED : Way.ADDED);
        boolean interacts = other.isPresent() && (a.ttft().differsFrom(other.get().ttft())
                || a.tpot().isPresent() && other.get().tpot().isPresent()
                        && a.tpot().get().differsFrom(other.get().tpot().get()));
        return noise + (noise.isEmpty() || !interacts ? "" : "; ")
                + (interacts ? "worth another thing " + (a.way() == Way.ADDED ? "at the top" : "alone") : "");
    }
}
