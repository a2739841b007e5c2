package org.moelab.traces.stats.hta;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelType;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Time in which each type of kernel, and each overlap of types, runs; summed over the ranks.
final class KernelTypeBreakdown extends HtaReport {
    private static final List<KernelType> TYPES = List.of(KernelType.COMPUTATION, KernelType.COMMUNICATION,
            KernelType.MEMORY);

    KernelTypeBreakdown() {
        super("gpu_kernel_breakdown", "Time of computation, communication and memory kernels and of their overlaps");
    }

    /// Time of one combination of types.
    ///
    /// @param types bit i stands for the i-th of [#TYPES]
    private record Share(int types, double micros) {
        String label() {
            return TYPES.stream().filter(t -> (types >> TYPES.indexOf(t) & 1) == 1).map(KernelType::name)
                    .collect(Collectors.joining(" overlapping "));
        }
    }

    @Override
    ReportTable table(List<RankRows> ranks) {
        boolean exact = ranks.stream().allMatch(r -> r.times().isExact());
        Map<Integer, Double> microsOfTypes = new TreeMap<>();
        ranks.forEach(rows -> addPieces(rows, microsOfTypes));
        double total = microsOfTypes.values().stream().mapToDouble(Double::doubleValue).sum();
        List<Share> shares = microsOfTypes.entrySet().stream().map(e -> new Share(e.getKey(), e.getValue()))
                .sorted(Comparator.comparingDouble(Share::micros).reversed()).toList();
        ReportTable.Builder table = ReportTable.builder(
                Column.text("kernel_type", "the types that run at the same time"),
                Column.real("sum", Unit.MICROSECONDS, exact
                        ? "time in which just these types run"
                        : "time in which just these types run, each uninterrupted piece cut to whole microseconds", -1),
                Column.real("percentage", Unit.PERCENT, "share of the sum over all rows", 1));
        for (Share share : shares) {
            table.row(share.label(), exact ? Cell.of(share.micros) : Cell.of((long) share.micros),
                    percentage(share.micros, total, 1));
        }
        return table.build();
    }

    /// A point where kernels of a type begin or cease to run.
    ///
    /// @param step what it adds to the set of running types, one bit a type
    private record Edge(double time, int step) {}

    private static void addPieces(RankRows rows, Map<Integer, Double> microsOfTypes) {
        List<Edge> edges = edges(rows);
        boolean exact = rows.times().isExact();
        int running = 0;
        for (int i = 0; i + 1 < edges.size(); i++) {
            running += edges.get(i).step;
            double piece = rows.times().toMicros(edges.get(i + 1).time - edges.get(i).time);
            if (running > 0 && (piece > 0 || !exact)) {
                microsOfTypes.merge(running, exact ? piece : (long) piece, Double::sum);
            }
        }
    }

    /// All edges by time. Sorting anew for each type gives equal times the order of HolisticTraceAnalysis, which decides
    /// whether an overlap of no length has a row.
    private static List<Edge> edges(RankRows rows) {
        List<Edge> edges = new ArrayList<>();
        for (int type = 0; type < TYPES.size(); type++) {
            Spans spans = rows.spans(TYPES.get(type));
            for (int i = 0; i < spans.size(); i++) {
                edges.add(new Edge(spans.start(i), 1 << type));
            }
            for (int i = 0; i < spans.size(); i++) {
                edges.add(new Edge(spans.end(i), -(1 << type)));
            }
            List<Edge> unsorted = edges;
            edges = IntStream.of(rows.times().order(unsorted.stream().mapToDouble(Edge::time).toArray()))
                    .mapToObj(unsorted::get).collect(Collectors.toCollection(ArrayList::new));
        }
        return edges;
    }
}
