package org.moelab.traces.stats.hta;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    /// Sweeps over the starts and ends of all types' spans. At equal times computation comes first, then communication.
    private static void addPieces(RankRows rows, Map<Integer, Double> microsOfTypes) {
        List<Spans> spans = TYPES.stream().map(rows::spans).toList();
        int size = 2 * spans.stream().mapToInt(Spans::size).sum();
        double[] time = new double[size];
        int[] step = new int[size];
        int n = 0;
        for (int type = 0; type < spans.size(); type++) {
            for (int i = 0; i < spans.get(type).size(); i++) {
                time[n] = spans.get(type).start(i);
                step[n++] = 1 << type;
                time[n] = spans.get(type).end(i);
                step[n++] = -(1 << type);
            }
        }
        int[] order = TimeOrder.of(time);
        boolean exact = rows.times().isExact();
        int running = 0;
        for (int i = 0; i + 1 < size; i++) {
            running += step[order[i]];
            double piece = rows.times().toMicros(time[order[i + 1]] - time[order[i]]);
            if (running > 0 && (piece > 0 || !exact)) {
                microsOfTypes.merge(running, exact ? piece : (long) piece, Double::sum);
            }
        }
    }
}
