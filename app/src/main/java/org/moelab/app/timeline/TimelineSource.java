package org.moelab.app.timeline;

import java.util.Optional;

import org.moelab.app.selection.TimeRange;
import org.moelab.app.theme.OperationKinds;
import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// A trace and what is found out once for showing it. Safe for use by any number of threads.
public final class TimelineSource {
    /// A trace with a greater part of device work is shown whole at first.
    private static final double MOSTLY_WORK = 0.8;
    private static final int DENSITY_CELLS = 1000;
    /// The share of all work that may lie before, and after, what is shown first.
    private static final double OUTLYING_WORK = 0.01;
    /// The greatest part of the time with work that counts as small.
    private static final double SMALL_PART = 0.5;

    private final Trace trace;
    private final RowTree tree;
    private final OperationKinds kinds;
    private final SliceLabels labels;
    /// The one made last: its columns change only with the window's width. Racing threads make equal ones.
    private volatile Overview overview;

    /// For a trace.
    public TimelineSource(Trace trace) {
        this.trace = trace;
        this.tree = RowTree.of(trace);
        this.kinds = new OperationKinds(trace);
        this.labels = new SliceLabels(trace);
        this.overview = Overview.of(trace, new int[0], 1);
    }

    /// What is shown.
    public Trace trace() {
        return trace;
    }

    /// Its rows.
    public RowTree tree() {
        return tree;
    }

    /// The family of each event.
    public OperationKinds kinds() {
        return kinds;
    }

    /// What stands in the bars.
    public SliceLabels labels() {
        return labels;
    }

    /// The trace's length in ns, at least 1.
    public double lengthNs() {
        return Math.max(1, trace.endNs() - trace.startNs());
    }

    /// The row that an event lies in.
    Optional<Row> rowOf(int event) {
        int id = tree.rowOfTrack(trace.trackId(event));
        return id < 0 ? Optional.empty() : Optional.of(tree.rows().get(id));
    }

    /// The times shown first: the work of devices, with the room beside it that the whole trace has. What was recorded before
    /// and after is often most of a trace and seldom what is looked for.
    Viewport openingView() {
        TimeRange work = workRange();
        return work.lengthNs() < MOSTLY_WORK * lengthNs()
                ? Viewport.around(work, trace.startNs(), 0.02)
                : Viewport.all(lengthNs());
    }

    /// How busy the whole trace is.
    ///
    /// @param columns how many to cut it into
    Overview overview(int columns) {
        Overview known = overview;
        if (known.columns() != columns) {
            known = Overview.of(trace, tree.summaryTracks(0, tree.rows().size()), columns);
            overview = known;
        }
        return known;
    }

    /// From the first work of a device to the end of the last; the whole trace where there is none. Where almost all of the
    /// work lies in a small part of that, as behind a fill at start-up, only that part.
    TimeRange workRange() {
        int[] streams = trace.tracks().stream().filter(t -> t.kind() == TrackKind.STREAM).mapToInt(Track::id).toArray();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int stream : streams) {
            for (Lane lane : trace.lanes(stream)) {
                first = Math.min(first, trace.start(lane.event(0)));
                last = Math.max(last, trace.end(lane.event(lane.size() - 1)));
            }
        }
        return first < last
                ? dense(streams, new TimeRange(first, last))
                : new TimeRange(trace.startNs(), trace.endNs());
    }

    /// Ends soon: every further look is at less than half the time.
    private TimeRange dense(int[] streams, TimeRange work) {
        Overview busy = Overview.of(trace, streams, work, DENSITY_CELLS);
        double total = 0;
        for (int i = 0; i < DENSITY_CELLS; i++) {
            total += busy.share(i);
        }
        int from = 0;
        int to = DENSITY_CELLS;
        double spare = total * OUTLYING_WORK;
        for (double left = spare; from < to && busy.share(from) <= left; from++) {
            left -= busy.share(from);
        }
        for (double left = spare; from < to && busy.share(to - 1) <= left; to--) {
            left -= busy.share(to - 1);
        }
        if (from >= to || work.lengthNs() < DENSITY_CELLS || to - from > SMALL_PART * DENSITY_CELLS) {
            return work;
        }
        double cell = (double) work.lengthNs() / DENSITY_CELLS;
        return dense(streams,
                new TimeRange(work.fromNs() + (long) (from * cell), work.fromNs() + (long) (to * cell)));
    }
}
