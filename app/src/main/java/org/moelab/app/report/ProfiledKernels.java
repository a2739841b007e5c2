package org.moelab.app.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.moelab.app.kernels.ProfiledRow;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Table;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.roofline.ProfiledWork;
import org.moelab.traces.stats.KernelTimes;

/// The kernels that took longest in a profiler's recording: with how near they come to the peaks where counters were read.
final class ProfiledKernels {
    private static final int MOST = 10;
    /// Characters of a name: those of template libraries go on for a page.
    private static final int LONGEST_NAME = 100;

    private ProfiledKernels() {
    }

    /// What a recording holds.
    ///
    /// @param blocks a table, or why there is none; before it what reading found wrong
    /// @param sums of all its kernels; empty where there are none
    /// @param work of kernels whose counters were read, where it was asked for
    record Content(List<Block> blocks, Optional<Sums> sums, Optional<ProfiledWork> work) {}

    /// All kernels of a recording together.
    ///
    /// @param kernels of different names
    /// @param ns sum of their durations
    /// @param longest the label of the kernel that took longest, and its part of the time
    /// @param compute percent of the peak, as those that follow: means by duration, not a number where a launch lacks it
    record Sums(int kernels, int launches, double ns, String longest, double longestShare, double compute,
            double memory, double dram) {
        /// Whether counters were read.
        boolean counters() {
            return !Double.isNaN(compute) || !Double.isNaN(memory) || !Double.isNaN(dram);
        }
    }

    /// A table, or why there is none; before it what reading found wrong.
    ///
    /// @param id of the table
    /// @param name of the file, for people
    static List<Block> of(Path file, String id, String name, ImportMonitor monitor) {
        return read(file, id, name, monitor, false).blocks;
    }

    /// The same with what all kernels sum to.
    ///
    /// @param work whether the work by counters is asked for
    static Content read(Path file, String id, String name, ImportMonitor monitor, boolean work) {
        Recording recording;
        try {
            recording = Recordings.open(file, ImportOptions.DEFAULT, monitor);
        } catch (TraceReadException _) {
            return new Content(List.of(new Note(true, name + " cannot be read.")), Optional.empty(), Optional.empty());
        }
        List<Block> blocks = new ArrayList<>();
        recording.warnings().forEach(w -> blocks.add(new Note(true, w.message())));
        blocks.add(switch (recording) {
            case KernelReport report -> profiled(report, id, name);
            case Trace trace -> timed(trace, id, name);
        });
        return switch (recording) {
            case KernelReport report -> new Content(blocks, sums(kernels(report)),
                    work ? Optional.of(new ProfiledWork(report)) : Optional.empty());
            case Trace trace -> new Content(blocks, sums(trace), Optional.empty());
        };
    }

    private static Optional<Sums> sums(List<Launches> kernels) {
        if (kernels.isEmpty()) {
            return Optional.empty();
        }
        Launches all = new Launches("", kernels.stream().flatMap(k -> k.rows.stream()).toList());
        return Optional.of(new Sums(kernels.size(), all.rows.size(), all.ns(), kernels.getFirst().label,
                kernels.getFirst().ns() / all.ns(), all.mean(ProfiledRow::computePercent),
                all.mean(ProfiledRow::memoryPercent), all.mean(ProfiledRow::dramPercent)));
    }

    private static Optional<Sums> sums(Trace trace) {
        List<KernelTimes.Row> kernels = kernels(trace);
        double ns = kernels.stream().mapToDouble(KernelTimes.Row::totalNs).sum();
        return kernels.isEmpty()
                ? Optional.empty()
                : Optional.of(new Sums(kernels.size(), kernels.stream().mapToInt(KernelTimes.Row::calls).sum(), ns,
                        cut(FunctionName.parse(kernels.getFirst().name()).label()),
                        kernels.getFirst().totalNs() / ns, Double.NaN, Double.NaN, Double.NaN));
    }

    private static List<KernelTimes.Row> kernels(Trace trace) {
        return KernelTimes.of(trace).rows().stream().filter(r -> r.kind() == EventKind.KERNEL).toList();
    }

    /// The launches of a kernel.
    private record Launches(String label, List<ProfiledRow> rows) {
        double ns() {
            return rows.stream().mapToDouble(ProfiledRow::durationNs).sum();
        }

        /// The mean of a figure over its launches, each by its duration; not a number where a launch lacks it.
        double mean(ToDoubleFunction<ProfiledRow> figure) {
            return rows.stream().mapToDouble(r -> figure.applyAsDouble(r) * r.durationNs()).sum() / ns();
        }
    }

    /// The kernels of a report, that which took longest first.
    private static List<Launches> kernels(KernelReport report) {
        Map<String, List<ProfiledRow>> byName = ProfiledRow.of(report).stream()
                .filter(r -> r.durationNs() > 0)
                .collect(Collectors.groupingBy(ProfiledRow::name, LinkedHashMap::new, Collectors.toList()));
        return byName.values().stream().map(rows -> new Launches(cut(rows.getFirst().label()), rows))
                .sorted(Comparator.comparingDouble(Launches::ns).reversed()).toList();
    }

    private static Block profiled(KernelReport report, String id, String name) {
        List<Launches> kernels = kernels(report);
        if (kernels.isEmpty()) {
            return new Note(true, name + " holds no kernel with a duration.");
        }
        double all = kernels.stream().mapToDouble(Launches::ns).sum();
        String mean = ", mean over the launches by duration";
        Table.Builder table = Table.of(id, head(kernels.size()) + " of " + report.kernels().size()
                + " profiled launches, in " + name + "; durations are the profiler's, at the clocks that it kept",
                Column.code("Kernel", Basis.MEASURED,
                        "the report's name, shortened; kernels of one full name together"),
                Column.number("Launches", "", 0, Basis.MEASURED, "that were profiled"),
                Column.number("Time", "µs", 2, Basis.MEASURED, "sum of " + KernelReport.DURATION),
                Column.number("Share", "%", 1, Basis.COMPUTED, "of all profiled time"),
                Column.number("Compute", "%", 1, Basis.COMPUTED, ProfiledRow.COMPUTE + mean),
                Column.number("Memory", "%", 1, Basis.COMPUTED, ProfiledRow.MEMORY + mean),
                Column.number("DRAM", "%", 1, Basis.COMPUTED, ProfiledRow.DRAM + mean),
                Column.number("Occupancy", "%", 1, Basis.COMPUTED, ProfiledRow.OCCUPANCY + mean));
        for (Launches kernel : kernels.subList(0, Math.min(MOST, kernels.size()))) {
            table.row(kernel.label, kernel.rows.size(), kernel.ns() / 1e3, kernel.ns() / all * 100,
                    kernel.mean(ProfiledRow::computePercent), kernel.mean(ProfiledRow::memoryPercent),
                    kernel.mean(ProfiledRow::dramPercent), kernel.mean(ProfiledRow::occupancyPercent));
        }
        return table.build();
    }

    private static String cut(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private static String head(int kernels) {
        return kernels <= MOST
                ? "All " + kernels + " kernels"
                : "The " + MOST + " kernels that took longest of " + kernels;
    }

    private static Block timed(Trace trace, String id, String name) {
        List<KernelTimes.Row> kernels = kernels(trace);
        if (kernels.isEmpty()) {
            return new Note(true, name + " holds no kernels.");
        }
        double all = kernels.stream().mapToDouble(KernelTimes.Row::totalNs).sum();
        Table.Builder table = Table.of(id, head(kernels.size()) + ", in " + name
                + "; recorded under the profiler, with what it costs",
                Column.code("Kernel", Basis.MEASURED, "the recording's name, shortened"),
                Column.number("Launches", "", 0, Basis.MEASURED, "in the recording"),
                Column.number("Time", "µs", 2, Basis.MEASURED, "sum of durations"),
                Column.number("Mean", "µs", 2, Basis.COMPUTED, "time ÷ launches"),
                Column.number("Share", "%", 1, Basis.COMPUTED, "of all kernels' time"));
        for (KernelTimes.Row row : kernels.subList(0, Math.min(MOST, kernels.size()))) {
            table.row(cut(FunctionName.parse(row.name()).label()), row.calls(), row.totalNs() / 1e3,
                    row.totalNs() / 1e3 / row.calls(), row.totalNs() / all * 100);
        }
        double rest = kernels.stream().skip(MOST).mapToDouble(KernelTimes.Row::totalNs).sum();
        if (rest > 0) {
            table.row("others", kernels.stream().skip(MOST).mapToInt(KernelTimes.Row::calls).sum(), rest / 1e3,
                    Cell.NONE, rest / all * 100);
        }
        return table.build();
    }
}
