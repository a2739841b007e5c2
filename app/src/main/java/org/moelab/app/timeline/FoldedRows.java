package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.List;

import org.moelab.traces.model.TrackKind;

/// The rows of a tree as a person has opened, closed and pinned them.
final class FoldedRows {
    /// What stays free above and below a row that was brought into view.
    private static final double REVEAL_ROOM = 8;

    private final RowTree tree;
    private final RowState[] states;
    private final List<Integer> pinned = new ArrayList<>();
    private RowLayout layout;
    /// Whether a person has decided how rows are shown.
    private boolean touched;

    /// The rows as they are shown at first.
    FoldedRows(RowTree tree) {
        this.tree = tree;
        this.states = tree.defaultStates();
        this.layout = RowLayout.of(tree, states);
    }

    /// Where they lie.
    RowLayout layout() {
        return layout;
    }

    /// How a row is shown.
    RowState state(Row row) {
        return states[row.id()];
    }

    /// Shows a row in a given way.
    void set(Row row, RowState state) {
        states[row.id()] = state;
        touched = true;
        lay();
    }

    /// Puts a row above all others, or back into its group. A row that holds others stays where it is.
    void togglePin(Row row) {
        if (!row.isGroup() && !pinned.removeIf(id -> id == row.id())) {
            pinned.add(row.id());
        }
        lay();
    }

    /// Puts the rows with these ways to them above all others.
    void pin(List<String> paths) {
        pinned.clear();
        for (String path : paths) {
            tree.rows().stream().filter(r -> !r.isGroup() && !pinned.contains(r.id()) && tree.path(r).equals(path))
                    .findFirst().ifPresent(r -> pinned.add(r.id()));
        }
        lay();
    }

    /// The ways to the rows that stand above all others.
    List<String> pins() {
        return pinned.stream().map(id -> tree.path(tree.rows().get(id))).toList();
    }

    private void lay() {
        layout = RowLayout.of(tree, states, pinned);
    }

    /// Shows a level of a row: opens what hides it.
    ///
    /// @param scrollY how much of the rows' height is scrolled away at the top
    /// @param height of the room for rows
    /// @return how much has to be scrolled away for it, as near to what is as can be
    double reveal(Row row, int lane, double scrollY, double height) {
        openTo(row, lane);
        int place = layout.placeOf(row.id());
        if (place < layout.pinnedCount()) {
            return scrollY;
        }
        double top = layout.laneTop(place, lane) - REVEAL_ROOM;
        double hidden = top - layout.pinnedHeight();
        return hidden < scrollY
                ? hidden
                : Math.max(scrollY, top + RowLayout.LANE_HEIGHT + 2 * REVEAL_ROOM - height);
    }

    /// Opens the groups that hide a row, and the row until it shows a level.
    private void openTo(Row row, int lane) {
        for (int id = pinned.contains(row.id()) ? -1 : row.parent(); id >= 0; id = tree.rows().get(id).parent()) {
            if (states[id] == RowState.FOLDED) {
                states[id] = RowState.OPEN;
            }
        }
        while (row.shownLanes(states[row.id()]) <= lane && states[row.id()] != RowState.FULL) {
            states[row.id()] = states[row.id()] == RowState.OPEN ? RowState.FULL : RowState.OPEN;
            touched |= row.track().kind() == TrackKind.DEVICE_RANGES; // what was asked for is not folded again
        }
        lay();
    }

    /// Shows as much of the ranges above the work of devices as leaves that work in sight, until a person has opened or closed
    /// a row: all of them where all work can be seen with them, else the outermost where that of the first device can, else a
    /// strip.
    ///
    /// @param height of the room for rows
    /// @return how much has to be scrolled away so that the work is in sight even so
    double fit(double height) {
        List<Integer> work = ids(TrackKind.STREAM);
        List<Integer> ranges = ids(TrackKind.DEVICE_RANGES).stream().filter(r -> tree.rows().get(r).lanes() > 1)
                .toList();
        if (touched || work.isEmpty()) {
            return 0;
        }
        int first = tree.rows().get(work.getFirst()).parent();
        List<Integer> near = work.stream().filter(id -> tree.rows().get(id).parent() == first).toList();
        fit(ranges, work, near, height);
        double top = layout.top(layout.placeOf(work.getFirst())) - REVEAL_ROOM;
        return bottom(near.subList(0, 1)) > height ? Math.min(top, bottom(near) - height) : 0;
    }

    private void fit(List<Integer> ranges, List<Integer> work, List<Integer> near, double height) {
        show(ranges, RowState.OPEN);
        if (bottom(work) > height) {
            show(ranges, RowState.SHORT);
            if (bottom(near) > height) {
                show(ranges, RowState.FOLDED);
            }
        }
    }

    private List<Integer> ids(TrackKind kind) {
        return tree.rows().stream().filter(r -> r.track().kind() == kind).map(Row::id).toList();
    }

    private void show(List<Integer> ids, RowState state) {
        ids.forEach(id -> states[id] = state);
        lay();
    }

    private double bottom(List<Integer> ids) {
        return ids.stream().map(layout::placeOf).mapToDouble(place -> layout.top(place) + layout.height(place)).max()
                .orElse(0);
    }
}
