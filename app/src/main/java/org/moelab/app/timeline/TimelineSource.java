package org.moelab.app.timeline;

import java.util.List;

import org.moelab.app.selection.TimeRange;
import org.moelab.app.theme.OperationKinds;
import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// A trace and what is found out once for showing it. Safe for use by any number of threads.
public final class TimelineSource {
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

    /// From the first work of a device to the end of the last; the whole trace where there is none.
    TimeRange workRange() {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Track track : trace.tracks()) {
            for (Lane lane : track.kind() == TrackKind.STREAM ? trace.lanes(track.id()) : List.<Lane>of()) {
                first = Math.min(first, trace.start(lane.event(0)));
                last = Math.max(last, trace.end(lane.event(lane.size() - 1)));
            }
        }
        return first < last ? new TimeRange(first, last) : new TimeRange(trace.startNs(), trace.endNs());
    }
}
