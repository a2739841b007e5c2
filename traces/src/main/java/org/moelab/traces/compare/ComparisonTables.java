package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelType;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Comparisons as tables. What each column means is in its formula.
public final class ComparisonTables {
    private static final Column CHANGE = Column.text("Change", "matched, added, removed, fused or split");
    private static final Column COUNT_A = Column.whole("Count A", Unit.COUNT, "pieces of work in A");
    private static final Column COUNT_B = Column.whole("Count B", Unit.COUNT, "pieces of work in B");
    private static final Column TOTAL_A = Column.whole("Total A (ns)", Unit.NANOSECONDS, "sum of their durations in A");
    private static final Column TOTAL_B = Column.whole("Total B (ns)", Unit.NANOSECONDS, "sum of their durations in B");
    private static final Column DELTA = Column.whole("Delta (ns)", Unit.NANOSECONDS, "Total B − Total A");
    private static final Column SHARE = Column.real("Delta (%)", Unit.PERCENT, "Delta over the device time of A", 2);
    private static final Column MEAN_A = Column.real("Mean A (ns)", Unit.NANOSECONDS, "Total A over Count A", 1);
    private static final Column MEAN_B = Column.real("Mean B (ns)", Unit.NANOSECONDS, "Total B over Count B", 1);
    private static final Column STEP_DELTA = Column.real("Step Delta (ns)", Unit.NANOSECONDS,
            "mean of B's steps − mean of A's steps", 1);
    private static final Column NOISE = Column.real("Step Noise (ns)", Unit.NANOSECONDS,
            "√(sA² + sB²) of the steps' sample standard deviations", 1);
    private static final Column WITHIN = Column.text("Within Noise", "yes where |Step Delta| ≤ Step Noise");
    private static final Column MATCHED_BY = Column.text("Matched By", "what the sides were recognised by");
    private static final Column NAME = Column.text("Name", "the row's name; A → B where they differ");
    private static final Column RANGES = Column.text("Ranges", "the ranges that the work lies in, joined by |");

    private ComparisonTables() {
    }

    /// The rows of a comparison; columns about steps where both recordings have two or more.
    public static ReportTable rows(Comparison comparison) {
        List<Column> columns = new ArrayList<>(
                List.of(CHANGE, DELTA, SHARE, TOTAL_A, TOTAL_B, COUNT_A, COUNT_B, MEAN_A, MEAN_B));
        if (comparison.hasSteps()) {
            columns.addAll(List.of(STEP_DELTA, NOISE, WITHIN));
        }
        columns.addAll(List.of(MATCHED_BY, NAME, RANGES));
        ReportTable.Builder table = ReportTable.builder(columns.toArray(Column[]::new));
        for (Row row : comparison.rows()) {
            List<Object> cells = new ArrayList<>(List.of(row.change().name().toLowerCase(Locale.ROOT), row.deltaNs(),
                    comparison.totalANs() == 0
                            ? Cell.Missing.MISSING
                            : Cell.of(100.0 * row.deltaNs() / comparison.totalANs()),
                    row.a().totalNs(), row.b().totalNs(), row.a().calls(), row.b().calls(), mean(row.a()),
                    mean(row.b())));
            if (comparison.hasSteps()) {
                row.perStep().ifPresent(step -> cells.addAll(
                        List.of(step.deltaNs(), step.noiseNs(), step.withinNoise() ? "yes" : "no")));
            }
            cells.addAll(List.of(row.matchedBy().title(), row.name(), String.join(" | ", row.paths())));
            table.row(cells.toArray());
        }
        return table.build();
    }

    private static Cell mean(Spent spent) {
        return spent.calls() == 0 ? Cell.Missing.MISSING : Cell.of(spent.meanNs());
    }

    /// Where the devices' time went in both, a part a row: the deltas of all rows but the last sum to that of the last.
    public static ReportTable wall(WallTime a, WallTime b) {
        ReportTable.Builder table = ReportTable.builder(
                Column.text("Part", "work by kind, overlap and idle time; wall time is their sum"),
                Column.whole("A (ns)", Unit.NANOSECONDS, "time in A; overlap counts negative"),
                Column.whole("B (ns)", Unit.NANOSECONDS, "time in B; overlap counts negative"),
                Column.whole("Delta (ns)", Unit.NANOSECONDS, "B − A"));
        for (KernelType type : KernelType.values()) {
            part(table, type.name().toLowerCase(Locale.ROOT), a.workNs(type), b.workNs(type));
        }
        part(table, "overlap", -a.overlapNs(), -b.overlapNs());
        part(table, "idle", a.idleNs(), b.idleNs());
        part(table, "wall", a.wallNs(), b.wallNs());
        return table.build();
    }

    private static void part(ReportTable.Builder table, String name, long a, long b) {
        table.row(name, a, b, b - a);
    }

    /// The metrics of launches in both reports, a metric a row.
    ///
    /// @param shown which metrics are listed, by name
    public static ReportTable metrics(MetricComparison comparison, Predicate<String> shown) {
        ReportTable.Builder table = ReportTable.builder(
                Column.whole("Launch A", Unit.NONE, "index of the launch in A"),
                Column.whole("Launch B", Unit.NONE, "index of the launch in B"),
                Column.text("Kernel", "the kernel's name; A → B where they differ"),
                MATCHED_BY,
                Column.text("Metric", "the metric's name"),
                Column.text("Unit", "its base unit"),
                Column.real("A", Unit.COUNT, "value in A", -1),
                Column.real("B", Unit.COUNT, "value in B", -1),
                Column.real("Delta", Unit.COUNT, "B − A", -1),
                Column.real("Ratio", Unit.RATIO, "B / A", 4));
        for (MetricComparison.Launch launch : comparison.launches()) {
            String nameA = comparison.kernelA(launch).name().display();
            String nameB = comparison.kernelB(launch).name().display();
            for (MetricComparison.Delta delta : comparison.metrics(launch)) {
                if (shown.test(delta.metric())) {
                    table.row(launch.a(), launch.b(), nameA.equals(nameB) ? nameA : nameA + " → " + nameB,
                            launch.matchedBy().title(), delta.metric(), delta.unit(), delta.a(), delta.b(),
                            delta.delta(), finite(delta.ratio()));
                }
            }
        }
        return table.build();
    }

    private static Cell finite(double ratio) {
        return Double.isFinite(ratio) ? Cell.of(ratio) : Cell.Missing.MISSING;
    }
}
