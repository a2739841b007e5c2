package org.moelab.traces.stats.nsight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;
import org.moelab.traces.stats.Sample;

/// Groups events and summarises their durations: six of the seven reports of `nsys stats` differ only in which events
/// they take and by what they group them. The longest group comes first, equal ones in the order of their names.
///
/// `nsys stats` prints averages, medians and deviations with one decimal; here they have four.
///
/// @param name the report's name
/// @param title the report in a sentence
/// @param wanted the events in the plural, for a recording that lacks them
/// @param countColumn what the report calls the number of events
/// @param keyColumns the names of the columns that hold the group's key
/// @param finder finds the events
/// @param grouping tells the group of an event
record DurationSummary(String name, String title, String wanted, String countColumn, List<String> keyColumns,
        Timeline.Finder finder, Grouping grouping) implements Report {

    /// Tells the group of an event.
    @FunctionalInterface
    interface Grouping {
        /// The texts of the key columns.
        List<String> key(Trace trace, int event);
    }

    private record Group(List<String> key, Sample durations) {}

    /// Kernels by their full name. A CUDA graph that was recorded as a whole is no kernel.
    static Report kernels() {
        return new DurationSummary("cuda_gpu_kern_sum", "Kernels by total time, as nsys stats sums them up", "kernels",
                "Instances", List.of("Name"),
                trace -> Timeline.events(trace, e -> trace.kind(e) == EventKind.KERNEL),
                (trace, event) -> List.of(trace.name(event)));
    }

    /// Calls into the CUDA runtime and driver. A row that repeats a call to hold its backtrace counts as one more.
    static Report apiCalls() {
        return new DurationSummary("cuda_api_sum", "CUDA calls by total time, as nsys stats sums them up",
                "CUDA calls", "Num Calls", List.of("Name"), DurationSummary::calls,
                (trace, event) -> List.of(trace.name(event)));
    }

    private static IntStream calls(Trace trace) {
        Attribute repeats = trace.attribute(AttributeKey.BACKTRACE_OF).orElse(null);
        return Timeline.events(trace, e -> trace.kind(e).isApiCall() || repeats != null && repeats.has(e));
    }

    /// Copies and fills by direction.
    static Report memoryOperations() {
        return new DurationSummary("cuda_gpu_mem_time_sum",
                "Copies and fills by total time, as nsys stats sums them up",
                "copies or fills on a device", "Count", List.of("Operation"), MemoryOperations::events,
                (trace, event) -> List.of(MemoryOperations.label(trace, event)));
    }

    /// Annotated ranges by domain and name.
    static Report ranges() {
        return new DurationSummary("nvtx_sum", "Annotated ranges by total time, as nsys stats sums them up",
                "annotated ranges", "Instances", List.of("Style", "Range"), Ranges::events,
                (trace, event) -> List.of(Ranges.style(trace, event), Ranges.label(trace, event)));
    }

    /// Calls into the operating system's libraries.
    static Report osRuntime() {
        return new DurationSummary("osrt_sum", "Operating system calls by total time, as nsys stats sums them up",
                "calls into the operating system's libraries", "Num Calls", List.of("Name"),
                trace -> Timeline.events(trace, e -> trace.kind(e) == EventKind.OS_RUNTIME),
                (trace, event) -> List.of(trace.name(event)));
    }

    @Override
    public Optional<String> missing(Recording recording) {
        return Timeline.missing(recording, wanted, finder);
    }

    @Override
    public ReportTable run(Recording recording, ReportOptions options) {
        Trace trace = Timeline.of(recording);
        Map<List<String>, Sample> groups = new HashMap<>();
        finder.events(trace).forEach(e -> groups.computeIfAbsent(grouping.key(trace, e), _ -> new Sample())
                .add((double) trace.duration(e)));
        double all = groups.values().stream().mapToDouble(Sample::sum).sum();
        ReportTable.Builder table = ReportTable.builder(columns());
        groups.entrySet().stream().map(g -> new Group(g.getKey(), g.getValue()))
                .sorted(Comparator.<Group>comparingDouble(g -> -g.durations.sum())
                        .thenComparing(g -> String.join("\0", g.key)))
                .forEach(g -> table.row(row(g, all)));
        return table.build();
    }

    private Column[] columns() {
        List<Column> columns = new ArrayList<>(List.of(
                Column.real("Time (%)", Unit.PERCENT, "share of the group in the total time of all groups", 1),
                Column.whole("Total Time (ns)", Unit.NANOSECONDS, "sum of the durations"),
                Column.whole(countColumn, Unit.COUNT, "number of events"),
                Column.real("Avg (ns)", Unit.NANOSECONDS, "mean duration", 4),
                Column.real("Med (ns)", Unit.NANOSECONDS, "median duration", 4),
                Column.whole("Min (ns)", Unit.NANOSECONDS, "shortest duration"),
                Column.whole("Max (ns)", Unit.NANOSECONDS, "longest duration"),
                Column.real("StdDev (ns)", Unit.NANOSECONDS,
                        "standard deviation of the sample (n − 1), 0 for one event", 4)));
        keyColumns.forEach(key -> columns.add(Column.text(key, "what the events are grouped by")));
        return columns.toArray(Column[]::new);
    }

    private Object[] row(Group group, double all) {
        Sample d = group.durations;
        List<Object> cells = new ArrayList<>(List.of(all == 0 ? 0.0 : 100 * d.sum() / all, (long) d.sum(), d.count(),
                d.mean(), d.median(), (long) d.min(), (long) d.max(), d.count() < 2 ? 0.0 : d.deviation()));
        cells.addAll(group.key);
        return cells.toArray();
    }
}
