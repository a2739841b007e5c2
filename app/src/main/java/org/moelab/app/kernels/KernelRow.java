package org.moelab.app.kernels;

import java.util.List;
import java.util.stream.Collectors;

import org.moelab.app.theme.OperationKind;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelTimes;

/// A line of the kernel table.
///
/// @param times the sums
/// @param label the name as short as it stays clear
/// @param kind the family of work
/// @param share of all device work in the range, 0 to 1
/// @param launch grid × block of most launches, and how many other configurations there are; empty where unknown
/// @param streams the streams that it ran on
public record KernelRow(KernelTimes.Row times, String label, OperationKind kind, double share, String launch,
        String streams) {
    private static final int NAMED_STREAMS = 3;

    /// Dresses the sums of a trace for people.
    public static List<KernelRow> of(Trace trace, KernelTimes times) {
        double total = Math.max(1, times.totalNs());
        return times.rows().stream().map(row -> new KernelRow(row, FunctionName.parse(row.name()).label(),
                OperationKind.of(row.kind(), row.name()), row.totalNs() / total, launch(row), streams(trace, row)))
                .toList();
    }

    /// Dresses the sums of a kernel report for people.
    public static List<KernelRow> of(KernelReport report) {
        KernelTimes times = KernelTimes.of(report);
        double total = Math.max(1, times.totalNs());
        return times.rows().stream().map(row -> {
            ProfiledKernel longest = report.kernels().get(row.longest());
            return new KernelRow(row, FunctionName.parse(row.name()).label(), OperationKind.of(row.kind(), row.name()),
                    row.totalNs() / total, ProfiledRow.launch(longest), Long.toString(longest.launch().stream()));
        }).toList();
    }

    /// The name as the recording has it.
    public String name() {
        return times.name();
    }

    private static String launch(KernelTimes.Row row) {
        String others = row.launchConfigs() > 1 ? " +" + (row.launchConfigs() - 1) : "";
        return row.launchConfig().map(c -> launch(c) + others).orElse("");
    }

    /// A configuration as `grid × block`, each without trailing ones: `132 × 128`, `(8, 4) × 256`.
    public static String launch(LaunchConfig c) {
        return extent(c.gridX(), c.gridY(), c.gridZ()) + " × " + extent(c.blockX(), c.blockY(), c.blockZ());
    }

    private static String extent(int x, int y, int z) {
        if (z != 1) {
            return "(" + x + ", " + y + ", " + z + ")";
        }
        return y == 1 ? Integer.toString(x) : "(" + x + ", " + y + ")";
    }

    private static String streams(Trace trace, KernelTimes.Row row) {
        String names = row.tracks().stream().limit(NAMED_STREAMS).map(t -> streamName(trace, t)).distinct()
                .collect(Collectors.joining(", "));
        int more = row.tracks().size() - NAMED_STREAMS;
        return more > 0 ? names + " +" + more : names;
    }

    private static String streamName(Trace trace, int track) {
        var locus = trace.tracks().get(track).locus();
        if (locus.stream() < 0) {
            return trace.tracks().get(track).name();
        }
        boolean severalDevices = trace.info().devices().size() > 1 && locus.device() >= 0;
        return (severalDevices ? locus.device() + ":" : "") + locus.stream();
    }
}
