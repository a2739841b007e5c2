package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.List;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelType;

/// The way from A's time to B's in steps, each where the one before ended: what a waterfall chart shows.
///
/// @param title what time is meant
/// @param startNs A's time
/// @param bars the steps in order; the last ends at B's time
/// @param endNs B's time
public record Waterfall(String title, long startNs, List<Bar> bars, long endNs) {
    public Waterfall {
        bars = List.copyOf(bars);
        long reached = startNs;
        for (Bar bar : bars) {
            if (bar.fromNs != reached) {
                throw new IllegalArgumentException(
                        bar.label + " starts at " + bar.fromNs + " ns instead of " + reached);
            }
            reached = bar.toNs;
        }
        if (reached != endNs) {
            throw new IllegalArgumentException("the bars end at " + reached + " ns instead of " + endNs);
        }
    }

    /// A step.
    ///
    /// @param label what changed
    /// @param fromNs the time before
    /// @param toNs the time after
    public record Bar(String label, long fromNs, long toNs) {
        /// What it adds; negative where it saves.
        public long deltaNs() {
            return toNs - fromNs;
        }
    }

    /// From the device time of A to that of B by the rows with the largest differences; the others are one last bar.
    ///
    /// @param most how many rows have a bar of their own
    public static Waterfall ofDeviceTime(Comparison comparison, int most) {
        Collector collector = new Collector(comparison.totalANs());
        List<Row> rows = comparison.rows().stream().filter(r -> r.deltaNs() != 0).toList();
        List<Row> own = rows.subList(0, Math.min(most, rows.size()));
        own.forEach(row -> collector.add(row.name(), row.deltaNs()));
        List<Row> others = rows.subList(own.size(), rows.size());
        if (!others.isEmpty()) {
            collector.add(Unit.counted(others.size(), "other"), others.stream().mapToLong(Row::deltaNs).sum());
        }
        return collector.build("device time");
    }

    /// From the wall time of A's devices to that of B's: by kind of work, overlap and idle time.
    public static Waterfall ofWallTime(WallTime a, WallTime b) {
        Collector collector = new Collector(a.wallNs());
        for (KernelType type : KernelType.values()) {
            collector.add(type.name().toLowerCase(java.util.Locale.ROOT), b.workNs(type) - a.workNs(type));
        }
        collector.add("overlap", a.overlapNs() - b.overlapNs());
        collector.add("idle", b.idleNs() - a.idleNs());
        return collector.build("wall time of the devices");
    }

    private static final class Collector {
        private final long startNs;
        private final List<Bar> bars = new ArrayList<>();
        private long reachedNs;

        Collector(long startNs) {
            this.startNs = startNs;
            this.reachedNs = startNs;
        }

        void add(String label, long deltaNs) {
            bars.add(new Bar(label, reachedNs, reachedNs + deltaNs));
            reachedNs += deltaNs;
        }

        Waterfall build(String title) {
            return new Waterfall(title, startNs, bars, reachedNs);
        }
    }
}
