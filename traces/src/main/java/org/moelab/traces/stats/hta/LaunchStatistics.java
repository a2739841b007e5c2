package org.moelab.traces.stats.hta;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

/// Each launch with what it launched: how long either took, and how long the device waited in between.
final class LaunchStatistics extends HtaReport {
    LaunchStatistics() {
        super("cuda_kernel_launch_stats", "Duration of each launch and of its kernel, and the delay between them");
    }

    @Override
    ReportTable table(List<RankRows> ranks) {
        List<Column> columns = new ArrayList<>(List.of(
                Column.whole("correlation", Unit.NONE, "the id that the call and its device work share"),
                Column.real("cpu_duration", Unit.MICROSECONDS, "duration of the call", -1),
                Column.real("gpu_duration", Unit.MICROSECONDS, "duration of the device work", -1),
                Column.real("launch_delay", Unit.MICROSECONDS,
                        "end of the call to start of the device work, 0 where they overlap", -1)));
        boolean several = ranks.size() > 1;
        if (several) {
            columns.addFirst(rankColumn());
        }
        ReportTable.Builder table = ReportTable.builder(columns.toArray(Column[]::new));
        for (RankRows rows : ranks) {
            addRank(rows, several, table);
        }
        return table.build();
    }

    private static void addRank(RankRows rows, boolean several, ReportTable.Builder table) {
        RowTimes times = rows.times();
        EventGroups launches = EventGroups.of(Launches.timed(rows), rows.trace()::correlation);
        int[] calls = IntStream.of(rows.host()).filter(e -> rows.facts().stream(e) == -1)
                .filter(e -> launches.contains(rows.trace().correlation(e))).toArray();
        for (int call : rows.byStart(calls)) {
            long correlation = rows.trace().correlation(call);
            for (int work : rows.deviceByCorrelation().get(correlation)) {
                double delay = times.start(work) - times.start(call) - times.duration(call);
                List<Object> row = new ArrayList<>(List.of(correlation, times.toMicros(times.duration(call)),
                        times.toMicros(times.duration(work)), times.toMicros(Math.max(0, delay))));
                if (several) {
                    row.addFirst(rows.rank());
                }
                table.row(row.toArray());
            }
        }
    }
}
