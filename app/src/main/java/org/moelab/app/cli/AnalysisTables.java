package org.moelab.app.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.Spread;
import org.moelab.gpu.bench.SweepReport;
import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Figure;
import org.moelab.gpu.bench.SweepReport.Figures;
import org.moelab.gpu.bench.SweepReport.Point;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// What an analysis prints: the ladder, and the sweeps.
final class AnalysisTables {
    private AnalysisTables() {
    }

    /// A row a layer.
    static ReportTable ladder(List<LayerResult> layers) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Layer", "its id"),
                Column.whole("Techniques", Unit.NONE, "how many are on"),
                Column.real("TTFT (ms)", Unit.NONE, "median time to first token of the whole batch", 3),
                Column.real("Prefill (tok/s)", Unit.COUNT, "prompt tokens of the whole batch a second, at it", 1),
                Column.real("TPOT (ms)", Unit.NONE, "median time per output token", 3),
                Column.real("Decode (tok/s)", Unit.COUNT, "new tokens of the whole batch a second, at it", 1),
                Column.real("Prefill Speedup", Unit.RATIO, "TTFT of the lowest layer over this one's", 2),
                Column.real("Decode Speedup", Unit.RATIO, "TPOT of the lowest layer over this one's", 2));
        for (LayerResult layer : layers) {
            LayerResult lowest = layers.getFirst();
            double tpot = median(layer.tpotMs());
            table.row(layer.layer(), layer.techniques().size(), layer.ttftMs().p50(), layer.prefillTokensPerSecond(),
                    tpot, layer.decodeTokensPerSecond().orElse(Double.NaN),
                    lowest.ttftMs().p50() / layer.ttftMs().p50(), median(lowest.tpotMs()) / tpot);
        }
        return table.build();
    }

    private static double median(Optional<Spread> spread) {
        return spread.map(Spread::p50).orElse(Double.NaN);
    }

    /// A row a point.
    static ReportTable sweeps(SweepReport report) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Sweep", "what varies"),
                Column.text("Value", "as the command line names it"), Column.text("Unit", "of the value"),
                Column.real("TTFT (ms)", Unit.NONE, "median time to first token of the whole batch", 3),
                Column.real("Prefill (tok/s)", Unit.COUNT, "at the median", 1),
                Column.real("TPOT (ms)", Unit.NONE, "median time per output token", 3),
                Column.real("Decode (tok/s)", Unit.COUNT, "at the median", 1),
                Column.real("Low", Unit.COUNT, "decode in the slowest run", 1),
                Column.real("High", Unit.COUNT, "decode in the fastest run", 1),
                Column.text("Refused", "why the point has no figures"));
        for (Axis axis : report.axes()) {
            for (Point point : axis.points()) {
                Optional<Figures> f = point.figures();
                Optional<Figure> decode = f.flatMap(Figures::decode);
                table.row(axis.axis(), point.value(), axis.unit(), cell(f.map(Figures::ttft), Figure::median),
                        cell(f.map(Figures::prefill), Figure::median), cell(f.flatMap(Figures::tpot), Figure::median),
                        cell(decode, Figure::median), cell(decode, Figure::low), cell(decode, Figure::high),
                        point.refused().orElse(""));
            }
        }
        return table.build();
    }

    private static Cell cell(Optional<Figure> figure, ToDoubleFunction<Figure> part) {
        return figure.map(f -> Cell.of(part.applyAsDouble(f))).orElse(Cell.Missing.MISSING);
    }
}
