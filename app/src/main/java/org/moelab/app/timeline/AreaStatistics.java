package org.moelab.app.timeline;

import java.util.List;

import org.moelab.app.selection.TimeRange;
import org.moelab.app.theme.OperationKind;
import org.moelab.traces.model.EventKind;

/// What happened in a part of the timeline, exact at its edges.
///
/// Where the part holds work of a device, that work is summed and nothing else; otherwise everything on its rows is.
/// Ranges and calls that enclose one another count each for itself, so that the shares of host rows can add up to more
/// than the time that passed.
///
/// @param range the time covered
/// @param deviceWork whether the sums are of device work
/// @param rows how many rows were summed
/// @param busyNs time in which at least one of the events ran
/// @param entries by name, the largest total first
public record AreaStatistics(TimeRange range, boolean deviceWork, int rows, long busyNs, List<Entry> entries) {
    /// The events of one name.
    ///
    /// @param name the full name
    /// @param kind what they are
    /// @param family their family of work
    /// @param count how many touch the area
    /// @param totalNs their time inside the area
    /// @param share of the time of all entries, 0 to 1
    /// @param minNs the shortest of them, in whole, as are the longest and the mean
    /// @param meanNs mean duration
    /// @param maxNs the longest
    public record Entry(String name, EventKind kind, OperationKind family, long count, long totalNs, double share,
            long minNs, double meanNs, long maxNs) {}

    public AreaStatistics {
        entries = List.copyOf(entries);
    }

    /// Time in which none of the events ran.
    public long idleNs() {
        return range.lengthNs() - busyNs;
    }

    /// How many events touch the area.
    public long count() {
        return entries.stream().mapToLong(Entry::count).sum();
    }
}
