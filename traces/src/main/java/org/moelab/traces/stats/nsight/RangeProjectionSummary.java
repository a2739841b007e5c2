package org.moelab.traces.stats.nsight;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.traces.model.RangeProjection;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;
import org.moelab.traces.stats.Sample;

/// Annotated ranges projected onto the device, see [RangeProjection]. As in `nsys stats`, kernels, copies and fills count
/// and a CUDA graph that was recorded as a whole does not.
final class RangeProjectionSummary implements Report {
    private record Key(String range, String style) {}

    private static final class Group {
        final Sample projected = new Sample();
        long rangeNs;
        long launches;
        long levels;
        long children;
    }

    @Override
    public String name() {
        return "nvtx_gpu_proj_sum";
    }

    @Override
    public String title() {
        return "Annotated ranges by the time of the device work in them, as nsys stats projects them";
    }

    @Override
    public Optional<String> missing(Recording recording) {
        return Timeline.missing(recording, "annotated ranges with device work in them",
                trace -> IntStream.range(0, project(trace).size()));
    }

    private static RangeProjection project(Trace trace) {
        return RangeProjection.of(trace, e -> switch (trace.kind(e)) {
            case KERNEL, MEMCPY, MEMSET -> true;
            default -> false;
        });
    }

    @Override
    public ReportTable run(Recording recording, ReportOptions options) {
        Trace trace = Timeline.of(recording);
        RangeProjection projection = project(trace);
        Map<Key, Group> groups = new HashMap<>();
        for (int entry = 0; entry < projection.size(); entry++) {
            int range = projection.range(entry);
            Group group = groups.computeIfAbsent(new Key(Ranges.label(trace, range), Ranges.style(trace, range)),
                    _ -> new Group());
            group.projected.add((double) (projection.endNs(entry) - projection.startNs(entry)));
            group.rangeNs += trace.duration(range);
            group.launches += projection.launches(entry);
            group.levels += projection.level(entry);
            group.children += projection.children(entry);
        }
        ReportTable.Builder table = ReportTable.builder(columns());
        groups.entrySet().stream()
                .sorted(Comparator.<Map.Entry<Key, Group>>comparingDouble(g -> -g.getValue().projected.sum())
                        .thenComparing(g -> g.getKey().range).thenComparing(g -> g.getKey().style))
                .forEach(g -> add(table, g.getKey(), g.getValue()));
        return table.build();
    }

    private static Column[] columns() {
        return new Column[] { Column.text("Range", "domain and name of the range"),
                Column.text("Style", "how the range was made"),
                Column.whole("Total Proj Time (ns)", Unit.NANOSECONDS,
                        "sum over the ranges of the time from the start of the first piece of work to the end of the last"),
                Column.whole("Total Range Time (ns)", Unit.NANOSECONDS, "sum of the ranges' own durations"),
                Column.whole("Range Instances", Unit.COUNT, "number of ranges with device work in them"),
                Column.real("Proj Avg (ns)", Unit.NANOSECONDS, "mean projected time", 4),
                Column.real("Proj Med (ns)", Unit.NANOSECONDS, "median projected time", 4),
                Column.whole("Proj Min (ns)", Unit.NANOSECONDS, "shortest projected time"),
                Column.whole("Proj Max (ns)", Unit.NANOSECONDS, "longest projected time"),
                Column.real("Proj StdDev (ns)", Unit.NANOSECONDS,
                        "standard deviation of the sample (n − 1), 0 for one range", 4),
                Column.whole("Total GPU Ops", Unit.COUNT, "number of calls in the ranges that launched device work"),
                Column.real("Avg GPU Ops", Unit.NONE, "such calls a range", 4),
                Column.real("Avg Range Lvl", Unit.NONE, "mean number of ranges around the range", 4),
                Column.real("Avg Num Child", Unit.NONE, "mean number of ranges directly in the range", 4) };
    }

    private static void add(ReportTable.Builder table, Key key, Group g) {
        Sample p = g.projected;
        double n = p.count();
        table.row(key.range, key.style, (long) p.sum(), g.rangeNs, p.count(), p.mean(), p.median(), (long) p.min(),
                (long) p.max(), p.count() < 2 ? 0.0 : p.deviation(), g.launches, g.launches / n, g.levels / n,
                g.children / n);
    }
}
