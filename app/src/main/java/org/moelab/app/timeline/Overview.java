package org.moelab.app.timeline;

import org.moelab.app.selection.TimeRange;
import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;

/// How busy a trace is, column by column: 0 where nothing runs, 1 where something runs all the time. Times of
/// several tracks add up, so that two that run half the time look like one that always runs.
final class Overview {
    private final float[] share;

    private Overview(float[] share) {
        this.share = share;
    }

    /// The overview of some tracks of a trace, over all its time.
    ///
    /// @param columns how many, at least 1
    static Overview of(Trace trace, int[] tracks, int columns) {
        return of(trace, tracks, new TimeRange(trace.startNs(), trace.endNs()), columns);
    }

    /// The overview of some tracks over a range of time.
    ///
    /// @param columns how many, at least 1
    static Overview of(Trace trace, int[] tracks, TimeRange range, int columns) {
        double[] busy = new double[columns];
        double cell = Math.max(1.0, (double) range.lengthNs() / columns);
        for (int track : tracks) {
            for (Lane lane : trace.lanes(track)) {
                lane.forEachSlice(range.fromNs(), range.toNs(), (long) cell,
                        (_, count, start, end, busyNs, _) -> add(busy, (start - range.fromNs()) / cell,
                                (end - range.fromNs()) / cell,
                                count == 1 ? 1 : busyNs / Math.max(1.0, (double) (end - start))));
            }
        }
        float[] share = new float[columns];
        for (int i = 0; i < columns; i++) {
            share[i] = (float) Math.min(1, busy[i]);
        }
        return new Overview(share);
    }

    private static void add(double[] busy, double from, double to, double density) {
        int last = Math.min(busy.length - 1, (int) to);
        for (int i = Math.max(0, (int) from); i <= last; i++) {
            busy[i] += Math.max(0, Math.min(to, i + 1) - Math.max(from, i)) * density;
        }
    }

    /// How many columns it has.
    int columns() {
        return share.length;
    }

    /// How busy a column is.
    float share(int column) {
        return share[column];
    }
}
