package org.moelab.traces.stats.hta;

import java.util.List;
import java.util.Optional;

import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;
import org.moelab.traces.stats.Sample;

/// A report of HolisticTraceAnalysis, computed from the rows of each rank.
abstract class HtaReport implements Report {
    private final String name;
    private final String title;

    HtaReport(String name, String title) {
        this.name = name;
        this.title = title;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String title() {
        return title + " (HolisticTraceAnalysis)";
    }

    @Override
    public final Optional<String> missing(Recording recording) {
        return switch (recording) {
            case KernelReport _ -> Optional.of("needs a timeline, which a set of profiled kernels has not");
            case Trace trace -> lacks(trace);
        };
    }

    @Override
    public final ReportTable run(Recording recording, ReportOptions options) {
        if (!(recording instanceof Trace trace)) {
            throw new IllegalArgumentException(name + " needs a timeline");
        }
        return table(RowSelection.of(trace, options));
    }

    /// What the timeline lacks for this report, as a sentence.
    Optional<String> lacks(Trace trace) {
        for (int track = 0; track < trace.tracks().size(); track++) {
            for (int e = trace.trackBegin(track); e < trace.trackEnd(track); e++) {
                if (trace.kind(e).isDeviceWork()) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of("needs work on a device, of which the recording has none");
    }

    /// Computes the table.
    abstract ReportTable table(List<RankRows> ranks);

    static Column rankColumn() {
        return Column.whole("rank", Unit.NONE, "rank in the distributed job, 0 where the recording has but one");
    }

    static Column streamColumn() {
        return Column.whole("stream", Unit.NONE, "the stream's number");
    }

    /// The columns that pandas' `describe` gives.
    ///
    /// @param subject what the figures are of, for the columns' formulas
    static List<Column> summaryColumns(String subject, Unit unit) {
        return List.of(Column.whole("count", Unit.COUNT, "how many values of " + subject),
                Column.real("mean", unit, "their mean", -1),
                Column.real("std", unit, "their standard deviation, over n − 1", -1),
                Column.real("min", unit, "the smallest", -1),
                Column.real("25%", unit, "first quartile, interpolated linearly", -1),
                Column.real("50%", unit, "median", -1), Column.real("75%", unit, "third quartile", -1),
                Column.real("max", unit, "the largest", -1));
    }

    /// A row of two keys and the cells of [#summaryColumns].
    static Object[] summaryRow(Object first, Object second, Sample sample) {
        return new Object[] { first, second, sample.count(), sample.mean(), sample.deviation(), sample.min(),
                sample.quantile(0.25), sample.median(), sample.quantile(0.75), sample.max() };
    }

    /// Part of a whole in per cent, NaN where the whole is nothing.
    static double percentage(double part, double whole, int decimals) {
        return rounded(100 * (part / whole), decimals);
    }

    /// Rounded to decimals as NumPy does it: half to even.
    static double rounded(double value, int decimals) {
        double scale = Math.pow(10, decimals);
        return Math.rint(value * scale) / scale;
    }
}
