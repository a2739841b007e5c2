package org.moelab.traces.stats.hta;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

/// Why each stream idles between its kernels, copies and fills.
final class IdleTime extends HtaReport {
    /// A gap up to which a stream is held to be waiting for the launch of back-to-back work, in µs.
    private static final double SHORT_GAP_MICROS = 30;

    /// What a stream waits for, in the order of the table.
    private enum Cause {
        HOST_WAIT, KERNEL_WAIT, OTHER
    }

    IdleTime() {
        super("idle_time_breakdown", "Idle time of each stream by cause");
    }

    @Override
    ReportTable table(List<RankRows> ranks) {
        ReportTable.Builder table = ReportTable.builder(rankColumn(), streamColumn(), Column.text("idle_category",
                "host_wait: the launch began after the work before had ended; kernel_wait: else, a gap under 30 µs; other: the rest"),
                Column.real("idle_time", Unit.MICROSECONDS, "sum of the gaps, overlaps counting as negative", 2),
                Column.real("idle_time_ratio", Unit.RATIO, "share of the stream's idle time", 2));
        for (RankRows rows : ranks) {
            int[] work = rows.device(e -> rows.trace().kind(e).isDeviceWork());
            EventGroups byStream = EventGroups.of(work, rows.facts()::stream);
            Arrays.stream(work).mapToLong(rows.facts()::stream).distinct().forEach(stream -> {
                Map<Cause, Double> idle = idle(rows, rows.byStart(byStream.get(stream)));
                double total = idle.values().stream().mapToDouble(Double::doubleValue).sum();
                idle.forEach((cause, time) -> table.row(rows.rank(), stream, cause.name().toLowerCase(Locale.ROOT),
                        rounded(rows.times().toMicros(time), 2), rounded(time / total, 2)));
            });
        }
        return table.build();
    }

    /// The time of the gaps between a stream's work. The first piece of work has no gap before it, and as such is of
    /// another cause.
    private static Map<Cause, Double> idle(RankRows rows, int[] work) {
        RowTimes times = rows.times();
        double shortGap = times.fromMicros(SHORT_GAP_MICROS);
        Map<Cause, Double> idle = new EnumMap<>(Cause.class);
        idle.put(Cause.OTHER, 0.0);
        for (int i = 1; i < work.length; i++) {
            double freeAt = times.end(work[i - 1]);
            double gap = times.start(work[i]) - freeAt;
            Cause cause = isLaunchedAfter(rows, work[i], freeAt)
                    ? Cause.HOST_WAIT
                    : gap < shortGap ? Cause.KERNEL_WAIT : Cause.OTHER;
            idle.merge(cause, gap, Double::sum);
        }
        return idle;
    }

    private static boolean isLaunchedAfter(RankRows rows, int event, double time) {
        int launch = rows.launchOf(event);
        return launch >= 0 && rows.times().start(launch) > time;
    }
}
