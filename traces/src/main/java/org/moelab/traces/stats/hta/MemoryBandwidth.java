package org.moelab.traces.stats.hta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelType;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;
import org.moelab.traces.stats.Sample;

/// The summed bandwidth of the copies and fills under way, taken each time one begins or ends while any is.
final class MemoryBandwidth extends HtaReport {
    MemoryBandwidth() {
        super("memory_bw_summary", "Bandwidth of copies and fills by direction");
    }

    private static final Pattern DIRECTION = Pattern.compile("[A-Z]to[A-Z]");

    /// A copy or fill that begins, adding its bandwidth, or ends, taking it away.
    private record Change(double time, String name, double by, boolean begins) {}

    @Override
    ReportTable table(List<RankRows> ranks) {
        List<Column> columns = new ArrayList<>(
                List.of(rankColumn(), Column.text("name", "direction of the copies, or Memset")));
        columns.addAll(summaryColumns("the bandwidth in GB/s", Unit.NONE));
        ReportTable.Builder table = ReportTable.builder(columns.toArray(Column[]::new));
        for (RankRows rows : ranks) {
            bandwidths(changes(rows), rows.times()).forEach((name, bandwidths) -> {
                if (bandwidths.count() > 0) {
                    table.row(summaryRow(rows.rank(), name, bandwidths));
                }
            });
        }
        ReportTable summary = table.build();
        boolean asHta = ranks.stream().noneMatch(rows -> rows.times().isExact());
        return summary.rows().isEmpty() && asHta ? emptyAsHtaWrites() : summary;
    }

    /// Without a copy HolisticTraceAnalysis's result is a frame without an index, whose CSV file holds nothing but the two
    /// storeys of its heading. Its variants give just that; exact figures give a table without rows.
    private static ReportTable emptyAsHtaWrites() {
        List<String> statistics = List.of("count", "mean", "std", "min", "25%", "50%", "75%", "max");
        Column[] columns = statistics.stream().map(_ -> Column.text("memory_bw_gbps", "the name of a statistic"))
                .toArray(Column[]::new);
        return ReportTable.builder(columns).row(statistics.toArray()).build();
    }

    /// All beginnings, then all ends; for exact figures the ends first, so that what follows at once does not add up. What
    /// takes no time is given a microsecond, lest it end before it begins.
    private static List<Change> changes(RankRows rows) {
        RowTimes times = rows.times();
        int[] events = rows.device(e -> rows.facts().type(e) == KernelType.MEMORY);
        List<Change> begins = new ArrayList<>();
        List<Change> ends = new ArrayList<>();
        for (int e : events) {
            double duration = times.duration(e) == 0 ? times.fromMicros(1) : times.duration(e);
            double gigabytesPerSecond = gigabytesPerSecond(rows.trace(), e);
            begins.add(new Change(times.start(e), direction(rows, e), gigabytesPerSecond, true));
            ends.add(new Change(times.start(e) + duration, direction(rows, e), -gigabytesPerSecond,
                    false));
        }
        List<Change> changes = new ArrayList<>(times.isExact() ? ends : begins);
        changes.addAll(times.isExact() ? begins : ends);
        return changes;
    }

    private static Map<String, Sample> bandwidths(List<Change> changes, RowTimes times) {
        Map<String, double[]> sums = new TreeMap<>();
        Map<String, Integer> underWay = new TreeMap<>();
        Map<String, Sample> bandwidths = new TreeMap<>();
        for (int i : times.order(changes.stream().mapToDouble(Change::time).toArray())) {
            Change change = changes.get(i);
            double[] sum = sums.computeIfAbsent(change.name, _ -> new double[1]);
            sum[0] += change.by;
            int count = underWay.merge(change.name, change.begins ? 1 : -1, Integer::sum);
            if (times.isExact() && count == 0) {
                sum[0] = 0; // what rounding left of the sum is no bandwidth
            }
            if (sum[0] > 0) {
                bandwidths.computeIfAbsent(change.name, _ -> new Sample()).add(sum[0]);
            }
        }
        return bandwidths;
    }

    /// As the producer computed it; where another tool than the PyTorch profiler made the recording, bytes over duration.
    private static double gigabytesPerSecond(Trace trace, int event) {
        Optional<Attribute> measured = trace.attribute(AttributeKey.BANDWIDTH).filter(a -> a.has(event));
        if (measured.isPresent()) {
            return measured.get().doubleAt(measured.get().find(event));
        }
        if (trace.info().format() == TraceFormat.KINETO || trace.duration(event) == 0) {
            return 0;
        }
        return trace.attribute(AttributeKey.BYTES).map(a -> (double) a.valueOr(event, 0)).orElse(0.0)
                / trace.duration(event);
    }

    /// What HolisticTraceAnalysis groups by: `Memset`, or `Memcpy` with a direction.
    private static String direction(RankRows rows, int event) {
        String name = rows.trace().name(event);
        if (name.startsWith("Memset") || rows.trace().kind(event) == EventKind.MEMSET) {
            return "Memset";
        }
        if (name.startsWith("Memcpy")) {
            return name.substring(0, Math.min(name.length(), "Memcpy HtoD".length()));
        }
        Matcher direction = DIRECTION.matcher(name);
        return rows.trace().kind(event) == EventKind.MEMCPY && direction.find()
                ? "Memcpy " + direction.group()
                : "Memcpy Unknown";
    }
}
