package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.List;

import org.moelab.app.selection.TimeRange;
import org.moelab.traces.model.Track;

/// A part of the timeline: some rows over a time range.
///
/// @param range on the trace's own clock
/// @param fromRow id of the first row
/// @param toRow one past the id of the last row
public record Area(TimeRange range, int fromRow, int toRow) {
    /// A time range over all rows.
    public static Area ofAllRows(TimeRange range, RowTree tree) {
        return new Area(range, 0, tree.rows().size());
    }

    /// The tracks with events in it.
    public List<Track> tracks(RowTree tree) {
        List<Track> tracks = new ArrayList<>();
        for (Row row : tree.rows().subList(fromRow, toRow)) {
            if (row.lanes() > 0) {
                tracks.add(row.track());
            }
        }
        return tracks;
    }
}
