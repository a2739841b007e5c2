package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where the rows lie: which are visible, how high each is, and which levels it shows. Heights are in logical pixels,
/// counted from the first row's top. Frozen.
public final class RowLayout {
    /// Height of a bar.
    static final double LANE_HEIGHT = 17;
    /// From one level's bar to the next.
    static final double LANE_PITCH = 18;
    /// Height of the bar of a folded row.
    static final double STRIP_HEIGHT = 10;
    /// Height of a folded row, and of an open group's heading.
    static final double FOLDED_HEIGHT = 20;
    /// Height of a counter.
    static final double COUNTER_HEIGHT = 40;
    private static final double PADDING = 3;

    private final RowTree tree;
    private final RowState[] states;
    private final int[] visible;
    private final double[] top;
    private final int[] placeOfRow;
    /// The rows at the first places as they are shown there: out of the tree, so with the way to them in their captions.
    private final List<Row> pinned;

    private RowLayout(RowTree tree, RowState[] states, int[] visible, double[] top, List<Row> pinned) {
        this.tree = tree;
        this.states = states;
        this.visible = visible;
        this.top = top;
        this.pinned = pinned;
        placeOfRow = new int[tree.rows().size()];
        Arrays.fill(placeOfRow, -1);
        for (int place = 0; place < visible.length; place++) {
            placeOfRow[visible[place]] = place;
        }
    }

    /// Lays out a tree.
    ///
    /// @param states how each row is shown, by row id
    public static RowLayout of(RowTree tree, RowState[] states) {
        return of(tree, states, List.of());
    }

    /// Lays out a tree with some of its rows above all others.
    ///
    /// @param states how each row is shown, by row id
    /// @param pinned ids of rows that hold no others, in the order in which they are to stand
    public static RowLayout of(RowTree tree, RowState[] states, List<Integer> pinned) {
        List<Row> rows = tree.rows();
        int[] visible = new int[rows.size()];
        double[] top = new double[rows.size() + 1];
        int n = 0;
        for (int id : pinned) {
            visible[n] = id;
            top[n + 1] = top[n] + height(rows.get(id), states[id]);
            n++;
        }
        for (int id = 0; id < rows.size();) {
            Row row = rows.get(id);
            if (!pinned.contains(id)) {
                visible[n] = id;
                top[n + 1] = top[n] + height(row, states[id]);
                n++;
            }
            id = row.isGroup() && states[id] == RowState.FOLDED ? row.end() : id + 1;
        }
        return new RowLayout(tree, states.clone(), Arrays.copyOf(visible, n), Arrays.copyOf(top, n + 1),
                pinned.stream().map(id -> tree.outOfTree(rows.get(id))).toList());
    }

    private static double height(Row row, RowState state) {
        if (row.isGroup() || state == RowState.FOLDED) {
            return FOLDED_HEIGHT;
        }
        if (row.isCounter()) {
            return COUNTER_HEIGHT;
        }
        return row.shownLanes(state) * LANE_PITCH + 2 * PADDING;
    }

    /// The tree laid out.
    public RowTree tree() {
        return tree;
    }

    /// How many rows are visible.
    public int size() {
        return visible.length;
    }

    /// The visible row at a place, counted from the top.
    public Row row(int place) {
        return place < pinned.size() ? pinned.get(place) : tree.rows().get(visible[place]);
    }

    /// How many rows stand above all others, whatever is scrolled.
    public int pinnedCount() {
        return pinned.size();
    }

    /// Height of the rows that stand above all others.
    public double pinnedHeight() {
        return top[pinned.size()];
    }

    /// How the row at a place is shown.
    public RowState state(int place) {
        return states[visible[place]];
    }

    /// Top of the row at a place.
    public double top(int place) {
        return top[place];
    }

    /// Height of the row at a place.
    public double height(int place) {
        return top[place + 1] - top[place];
    }

    /// Height of all rows.
    public double totalHeight() {
        return top[visible.length];
    }

    /// The place of the row at a height, or -1 above the first; the number of rows below the last.
    public int placeAt(double y) {
        if (y < 0) {
            return -1;
        }
        int i = Arrays.binarySearch(top, y);
        return i >= 0 ? Math.min(i, visible.length) : Math.min(-i - 2, visible.length);
    }

    /// The place of a row, or of the folded group that hides it.
    public int placeOf(int rowId) {
        int id = rowId;
        while (placeOfRow[id] < 0) {
            id = tree.rows().get(id).parent();
        }
        return placeOfRow[id];
    }

    /// The place of the row that shows a track, or of the folded group that hides it; -1 where the track has no row.
    public int placeOfTrack(int track) {
        int row = tree.rowOfTrack(track);
        return row < 0 ? -1 : placeOf(row);
    }

    /// A bar of a row: the levels drawn over one another on it, with its top and height.
    ///
    /// @param tracks the tracks whose level is drawn
    /// @param lane the level drawn
    /// @param top counted from the first row's top
    /// @param strip whether it stands for more than it shows
    @SuppressWarnings("ArrayRecordComponent") // read in place, never compared
    record Bar(int[] tracks, int lane, double top, double height, boolean strip) {}

    /// The bars of the row at a place, from the top; none for an open group or a counter.
    List<Bar> bars(int place) {
        Row row = row(place);
        RowState state = state(place);
        if (row.isCounter() || row.isGroup() && state != RowState.FOLDED) {
            return List.of();
        }
        if (state == RowState.FOLDED) {
            int[] tracks = row.isGroup() ? tree.summaryTracks(row.id(), row.end()) : new int[] { row.track().id() };
            return List.of(new Bar(tracks, 0, top[place] + (FOLDED_HEIGHT - STRIP_HEIGHT) / 2, STRIP_HEIGHT, true));
        }
        List<Bar> bars = new ArrayList<>();
        int[] track = { row.track().id() };
        for (int lane = 0; lane < row.shownLanes(state); lane++) {
            bars.add(new Bar(track, lane, laneTop(place, lane), LANE_HEIGHT, false));
        }
        return bars;
    }

    /// Top of the bar that shows a level, or of the lowest bar shown where the level is not.
    double laneTop(int place, int lane) {
        if (state(place) == RowState.FOLDED || row(place).isGroup()) {
            return top[place] + (FOLDED_HEIGHT - STRIP_HEIGHT) / 2;
        }
        int shown = Math.min(lane, row(place).shownLanes(state(place)) - 1);
        return top[place] + PADDING + Math.max(0, shown) * LANE_PITCH;
    }
}
