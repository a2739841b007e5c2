package org.moelab.app.kernels;

import java.util.List;

import org.moelab.app.theme.OperationKind;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Extent;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Unit;

/// A line of the table of profiled kernels. A figure that was not collected is NaN.
///
/// @param kernel the launch
/// @param label the name as short as it stays clear
/// @param kind the family of work
/// @param durationNs time on the device
/// @param computePercent compute throughput of its peak
/// @param memoryPercent memory throughput of its peak
/// @param dramPercent device memory throughput of its peak
/// @param occupancyPercent active warps of the most that fit
/// @param registers registers a thread
public record ProfiledRow(ProfiledKernel kernel, String label, OperationKind kind, double durationNs,
        double computePercent, double memoryPercent, double dramPercent, double occupancyPercent, double registers) {
    /// The metric behind [#computePercent].
    public static final String COMPUTE = "sm__throughput.avg.pct_of_peak_sustained_elapsed";
    /// The metric behind [#memoryPercent].
    public static final String MEMORY = "gpu__compute_memory_throughput.avg.pct_of_peak_sustained_elapsed";
    /// The metric behind [#dramPercent].
    public static final String DRAM = "gpu__dram_throughput.avg.pct_of_peak_sustained_elapsed";
    /// The metric behind [#occupancyPercent].
    public static final String OCCUPANCY = "sm__warps_active.avg.pct_of_peak_sustained_active";
    /// The metric behind [#registers].
    public static final String REGISTERS = "launch__registers_per_thread";

    /// The kernels of a report in the order in which they were profiled.
    public static List<ProfiledRow> of(KernelReport report) {
        return report.kernels().stream().map(k -> of(report, k)).toList();
    }

    private static ProfiledRow of(KernelReport report, ProfiledKernel kernel) {
        String name = kernel.name().display();
        return new ProfiledRow(kernel, FunctionName.parse(name).label(), OperationKind.of(EventKind.KERNEL, name),
                report.durationNs(kernel), percent(report, kernel, COMPUTE, "Compute (SM) Throughput"),
                percent(report, kernel, MEMORY, "Memory Throughput"),
                percent(report, kernel, DRAM, "DRAM Throughput"),
                percent(report, kernel, OCCUPANCY, "Achieved Occupancy"),
                value(report, kernel, REGISTERS, "Registers Per Thread"));
    }

    /// A value by the metric's name, or by its label as CSV pages of details have it.
    private static double value(KernelReport report, ProfiledKernel kernel, String metric, String label) {
        double named = report.metrics().value(kernel.index(), metric);
        return Double.isNaN(named) ? report.metrics().value(kernel.index(), label) : named;
    }

    /// The same where the label may stand for another unit too: only a percentage counts.
    private static double percent(KernelReport report, ProfiledKernel kernel, String metric, String label) {
        int row = report.metrics().find(kernel.index(), label);
        boolean labelled = row >= 0 && report.metrics().unit(row).unit() == Unit.PERCENT;
        return value(report, kernel, metric, labelled ? label : metric);
    }

    /// The name as the report has it.
    public String name() {
        return kernel.name().display();
    }

    /// Grid × block without trailing ones, empty where unknown.
    public String launch() {
        return launch(kernel);
    }

    static String launch(ProfiledKernel kernel) {
        Extent grid = kernel.launch().grid();
        return grid.equals(Extent.UNKNOWN) ? "" : extent(grid) + " × " + extent(kernel.launch().block());
    }

    private static String extent(Extent e) {
        if (e.z() != 1) {
            return "(" + e.x() + ", " + e.y() + ", " + e.z() + ")";
        }
        return e.y() == 1 ? Long.toString(e.x()) : "(" + e.x() + ", " + e.y() + ")";
    }
}
