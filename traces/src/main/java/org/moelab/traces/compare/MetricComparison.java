package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.moelab.traces.compare.WorkMatch.Pair;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;

/// Two reports of profiled kernels, launch by launch and metric by metric.
///
/// @param launches the launches that match, in A's order: of kernels that match, the n-th with the n-th
public record MetricComparison(KernelReport a, KernelReport b, List<Launch> launches) {
    public MetricComparison {
        launches = List.copyOf(launches);
    }

    /// A launch in both.
    ///
    /// @param a the kernel's index in A
    /// @param b the kernel's index in B
    /// @param matchedBy what they were recognised by
    public record Launch(int a, int b, MatchedBy matchedBy) {}

    /// A metric of a launch in both, in its base unit (ns, bytes, Hz …); NaN where a side lacks it.
    ///
    /// @param metric its name
    /// @param unit the base unit, empty where it has none
    public record Delta(String metric, String unit, double a, double b) {
        /// What B has more.
        public double delta() {
            return b - a;
        }

        /// B over A.
        public double ratio() {
            return b / a;
        }
    }

    /// Matches the launches of two reports.
    public static MetricComparison of(KernelReport a, KernelReport b) {
        List<Launch> launches = new ArrayList<>();
        for (Pair pair : WorkMatch.of(WorkBuilder.of(a), WorkBuilder.of(b))) {
            List<Integer> inA = pair.a().stream().flatMap(g -> g.launches().stream()).sorted().toList();
            List<Integer> inB = pair.b().stream().flatMap(g -> g.launches().stream()).sorted().toList();
            if (pair.change() == Change.MATCHED) {
                for (int i = 0; i < Math.min(inA.size(), inB.size()); i++) {
                    launches.add(new Launch(inA.get(i), inB.get(i), pair.by()));
                }
            }
        }
        launches.sort(java.util.Comparator.comparingInt(Launch::a));
        return new MetricComparison(a, b, launches);
    }

    /// The name of a launch's kernel in A.
    public ProfiledKernel kernelA(Launch launch) {
        return a.kernels().get(launch.a());
    }

    /// The kernel of a launch in B.
    public ProfiledKernel kernelB(Launch launch) {
        return b.kernels().get(launch.b());
    }

    /// The metrics with a number on at least one side: A's in its order, then those of B alone.
    public List<Delta> metrics(Launch launch) {
        Set<String> names = new LinkedHashSet<>();
        addNumbers(a.metrics(), launch.a(), names);
        addNumbers(b.metrics(), launch.b(), names);
        return names.stream().map(name -> delta(launch, name)).toList();
    }

    private static void addNumbers(MetricTable table, int kernel, Set<String> names) {
        for (int row = table.begin(kernel); row < table.end(kernel); row++) {
            if (!Double.isNaN(table.number(row))) {
                names.add(table.name(row));
            }
        }
    }

    /// One metric of a launch.
    public Delta delta(Launch launch, String metric) {
        int rowA = a.metrics().find(launch.a(), metric);
        int rowB = b.metrics().find(launch.b(), metric);
        String unit = rowA >= 0 ? a.metrics().unit(rowA).text() : rowB >= 0 ? b.metrics().unit(rowB).text() : "";
        return new Delta(metric, unit, rowA < 0 ? Double.NaN : a.metrics().baseValue(rowA),
                rowB < 0 ? Double.NaN : b.metrics().baseValue(rowB));
    }
}
