package org.moelab.traces.stats.hta;

import java.util.List;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelType;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

/// Idle, compute and other time of each rank's devices.
final class TemporalBreakdown extends HtaReport {
    TemporalBreakdown() {
        super("temporal_breakdown", "Idle, compute and other busy time of each rank");
    }

    @Override
    ReportTable table(List<RankRows> ranks) {
        ReportTable.Builder table = ReportTable.builder(rankColumn(),
                time("idle_time(us)", "kernel time in which no device activity runs"),
                time("compute_time(us)", "time in which at least one computation kernel runs"),
                time("non_compute_time(us)", "the rest: only communication, copies, fills or waits run"),
                time("kernel_time(us)", "first start to last end of device activity"), share("idle_time_pctg"),
                share("compute_time_pctg"), share("non_compute_time_pctg"));
        for (RankRows rows : ranks) {
            Spans all = rows.spans();
            if (all.size() > 0) {
                RowTimes times = rows.times();
                double total = all.extent();
                double idle = total - all.length();
                double compute = rows.spans(KernelType.COMPUTATION).length();
                double rest = total - compute - idle;
                table.row(rows.rank(), times.toMicros(idle), times.toMicros(compute), times.toMicros(rest),
                        times.toMicros(total), percentage(idle, total, 2), percentage(compute, total, 2),
                        percentage(rest, total, 2));
            }
        }
        return table.build();
    }

    private static Column time(String name, String formula) {
        return Column.real(name, Unit.MICROSECONDS, formula, -1);
    }

    private static Column share(String name) {
        return Column.real(name, Unit.PERCENT, "share of kernel_time(us)", 2);
    }
}
