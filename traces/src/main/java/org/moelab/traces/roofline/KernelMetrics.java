package org.moelab.traces.roofline;

import java.util.function.DoubleSupplier;

import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;

/// The metrics of one profiled kernel in base units: bytes, ns, Hz. NaN stands for what was not recorded, here and in all
/// that is computed from it.
final class KernelMetrics {
    private final MetricTable table;
    private final int kernel;
    private final double timeNs;

    KernelMetrics(KernelReport report, ProfiledKernel kernel) {
        this.table = report.metrics();
        this.kernel = kernel.index();
        this.timeNs = report.durationNs(kernel);
    }

    /// The kernel's duration.
    double timeNs() {
        return timeNs;
    }

    /// The metric's value.
    double value(String metric) {
        int row = table.find(kernel, metric);
        return row < 0 ? Double.NaN : table.baseValue(row);
    }

    /// A rate in the second, times the kernel's duration.
    double overTime(double perSecond) {
        return perSecond * timeNs / 1e9;
    }

    /// The first of several ways to a figure that gives one.
    static double first(DoubleSupplier... ways) {
        for (DoubleSupplier way : ways) {
            double value = way.getAsDouble();
            if (!Double.isNaN(value)) {
                return value;
            }
        }
        return Double.NaN;
    }

    /// Visits the kernel's metrics that are numbers.
    void forEach(Visitor visitor) {
        for (int row = table.begin(kernel); row < table.end(kernel); row++) {
            if (!Double.isNaN(table.number(row))) {
                visitor.visit(table.name(row), table.baseValue(row));
            }
        }
    }

    @FunctionalInterface
    interface Visitor {
        void visit(String metric, double value);
    }
}
