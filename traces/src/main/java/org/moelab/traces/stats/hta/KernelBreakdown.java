package org.moelab.traces.stats.hta;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelType;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;
import org.moelab.traces.stats.Sample;

/// Every kernel of each rank by name, none folded into "others".
final class KernelBreakdown extends HtaReport {
    KernelBreakdown() {
        super("gpu_kernels", "Time of each kernel by name, type and rank");
    }

    private record Key(KernelType type, String name, int rank) {}

    @Override
    ReportTable table(List<RankRows> ranks) {
        Map<Key, Sample> durations = new HashMap<>();
        for (RankRows rows : ranks) {
            for (int e : rows.device(e -> rows.facts().type(e) != KernelType.OTHER)) {
                durations.computeIfAbsent(new Key(rows.facts().type(e), rows.trace().name(e), rows.rank()),
                        _ -> new Sample()).add(rows.times().toMicros(rows.times().duration(e)));
            }
        }
        ReportTable.Builder table = ReportTable.builder(Column.text("name", "the kernel"),
                time("sum (us)", "total duration"), time("max (us)", "longest"), time("min (us)", "shortest"),
                time("stddev", "standard deviation of the durations, over n − 1; 0 for a single one"),
                time("mean (us)", "mean duration"), Column.text("kernel_type", "what the name says it does"),
                rankColumn());
        durations.entrySet().stream().sorted(Map.Entry.comparingByKey(Comparator
                .<Key, String>comparing(k -> k.type().name()).thenComparing(Key::name).thenComparingInt(Key::rank)))
                .forEach(entry -> {
                    Key key = entry.getKey();
                    Sample s = entry.getValue();
                    table.row(key.name, s.sum(), s.max(), s.min(), s.count() > 1 ? s.deviation() : 0.0, s.mean(),
                            key.type.name(), key.rank);
                });
        return table.build();
    }

    private static Column time(String name, String formula) {
        return Column.real(name, Unit.MICROSECONDS, formula, -1);
    }
}
