package org.moelab.traces.stats.nsight;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;
import org.moelab.traces.stats.Sample;

/// Copies and fills by the bytes that they moved, in MB of 10^6 bytes. With six decimals, where `nsys stats` prints three,
/// each byte shows.
final class MemorySizeSummary implements Report {
    private static final double MEGABYTE = 1e6;

    @Override
    public String name() {
        return "cuda_gpu_mem_size_sum";
    }

    @Override
    public String title() {
        return "Copies and fills by total size, as nsys stats sums them up";
    }

    @Override
    public Optional<String> missing(Recording recording) {
        return Timeline.missing(recording, "copies or fills with a size", MemorySizeSummary::events);
    }

    private static IntStream events(Trace trace) {
        Optional<Attribute> bytes = trace.attribute(AttributeKey.BYTES);
        return MemoryOperations.events(trace).filter(e -> bytes.isPresent() && bytes.get().has(e));
    }

    @Override
    public ReportTable run(Recording recording, ReportOptions options) {
        Trace trace = Timeline.of(recording);
        Attribute bytes = trace.attribute(AttributeKey.BYTES).orElseThrow();
        Map<String, Sample> groups = new HashMap<>();
        events(trace).forEach(e -> groups.computeIfAbsent(MemoryOperations.label(trace, e), _ -> new Sample())
                .add((double) bytes.valueOr(e, 0)));
        ReportTable.Builder table = ReportTable.builder(
                megabytes("Total (MB)", "sum of the sizes"),
                Column.whole("Count", Unit.COUNT, "number of operations"),
                megabytes("Avg (MB)", "mean size"),
                megabytes("Med (MB)", "median size"),
                megabytes("Min (MB)", "smallest size"),
                megabytes("Max (MB)", "largest size"),
                megabytes("StdDev (MB)", "standard deviation of the sample (n − 1), 0 for one operation"),
                Column.text("Operation", "direction of the copy, or fill"));
        groups.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Sample>>comparingDouble(g -> -g.getValue().sum())
                        .thenComparing(Map.Entry::getKey))
                .forEach(g -> add(table, g.getKey(), g.getValue()));
        return table.build();
    }

    private static Column megabytes(String name, String formula) {
        return Column.real(name, Unit.NONE, formula + ", in 10^6 bytes", 6);
    }

    private static void add(ReportTable.Builder table, String operation, Sample s) {
        table.row(s.sum() / MEGABYTE, s.count(), s.mean() / MEGABYTE, s.median() / MEGABYTE, s.min() / MEGABYTE,
                s.max() / MEGABYTE, s.count() < 2 ? 0.0 : s.deviation() / MEGABYTE, operation);
    }
}
