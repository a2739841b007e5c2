package org.moelab.app.timeline;

import java.util.List;

import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// A row of the tree: a group of rows, a track's events, or a counter.
///
/// @param id index into [RowTree#rows()]; a row's descendants are the ids from its own to `end`
/// @param parent id of the group it lies in, or -1
/// @param level how deep it lies in the tree, 0 at the top
/// @param track the track it shows
/// @param caption what stands at its left
/// @param lanes nesting levels of its events, 0 for groups and counters
/// @param counters what is drawn on it, empty but for counter rows
/// @param end one past the id of its last descendant
public record Row(int id, int parent, int level, Track track, String caption, int lanes, List<CounterLevels> counters,
        int end) {
    /// The levels shown of a row that is open but not full.
    public static final int LANE_CAP = 8;
    /// The levels shown of a row that is short.
    static final int FEW_LANES = 2;

    public Row {
        counters = List.copyOf(counters);
    }

    /// Whether the row holds other rows.
    public boolean isGroup() {
        return end > id + 1;
    }

    /// Whether the row draws a counter.
    public boolean isCounter() {
        return !counters.isEmpty();
    }

    /// Whether the row can be shown in more than one way.
    public boolean folds() {
        return isGroup() || lanes > 1 || isCounter() || startsFolded(track.kind());
    }

    /// The state that follows when a person clicks the row's triangle.
    public RowState next(RowState state) {
        return switch (state) {
            case FOLDED, SHORT -> RowState.OPEN;
            case OPEN -> lanes > LANE_CAP ? RowState.FULL : RowState.FOLDED;
            case FULL -> RowState.FOLDED;
        };
    }

    /// The levels shown in a state.
    public int shownLanes(RowState state) {
        return switch (state) {
            case FOLDED -> Math.min(lanes, 1);
            case SHORT -> Math.min(lanes, FEW_LANES);
            case OPEN -> Math.min(lanes, LANE_CAP);
            case FULL -> lanes;
        };
    }

    /// Whether rows of this kind say little until asked.
    static boolean startsFolded(TrackKind kind) {
        return switch (kind) {
            case OS_RUNTIME, OVERHEAD, MEMORY, PYTHON, SYNCHRONIZATION -> true;
            default -> false;
        };
    }
}
