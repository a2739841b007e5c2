package org.moelab.traces.stats.hta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;
import org.moelab.traces.stats.Sample;

/// How much launched work waits on each stream, taken at each launch and each start of work.
final class QueueLength extends HtaReport {
    QueueLength() {
        super("queue_length_summary", "Launched but not yet started work on each stream");
    }

    /// What changes the length of a stream's queue.
    private record Change(double time, long stream, int by) {}

    @Override
    ReportTable table(List<RankRows> ranks) {
        List<Column> columns = new ArrayList<>(List.of(rankColumn(), streamColumn()));
        columns.addAll(summaryColumns("the queue's length, one after each launch and each start", Unit.COUNT));
        ReportTable.Builder table = ReportTable.builder(columns.toArray(Column[]::new));
        for (RankRows rows : ranks) {
            lengths(changes(rows), rows.times())
                    .forEach((stream, lengths) -> table.row(summaryRow(rows.rank(), stream, lengths)));
        }
        return table.build();
    }

    /// Launches, then starts of work, each in the order of the rows.
    private static List<Change> changes(RankRows rows) {
        List<Change> changes = new ArrayList<>();
        int[] launches = IntStream.of(Launches.queueing(rows))
                .filter(e -> rows.deviceByCorrelation().contains(rows.trace().correlation(e))).toArray();
        for (int launch : launches) {
            for (int work : rows.deviceByCorrelation().get(rows.trace().correlation(launch))) {
                changes.add(new Change(rows.times().start(launch), rows.facts().stream(work), 1));
            }
        }
        EventGroups launched = EventGroups.of(launches, rows.trace()::correlation);
        for (int work : rows.device(e -> launched.contains(rows.trace().correlation(e)))) {
            changes.add(new Change(rows.times().start(work), rows.facts().stream(work), -1));
        }
        return changes;
    }

    private static Map<Long, Sample> lengths(List<Change> changes, RowTimes times) {
        Map<Long, Integer> length = new TreeMap<>();
        Map<Long, Sample> lengths = new TreeMap<>();
        for (int i : times.order(changes.stream().mapToDouble(Change::time).toArray())) {
            Change change = changes.get(i);
            int now = length.merge(change.stream, change.by, Integer::sum);
            lengths.computeIfAbsent(change.stream, _ -> new Sample()).add(now);
        }
        return lengths;
    }
}
