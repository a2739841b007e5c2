package org.moelab.app.timeline;

import org.moelab.app.theme.OperationKinds;
import org.moelab.traces.model.Trace;

/// A trace and what is found out once for showing it. Safe for use by any number of threads.
public final class TimelineSource {
    private final Trace trace;
    private final RowTree tree;
    private final OperationKinds kinds;
    private final SliceLabels labels;

    /// For a trace.
    public TimelineSource(Trace trace) {
        this.trace = trace;
        this.tree = RowTree.of(trace);
        this.kinds = new OperationKinds(trace);
        this.labels = new SliceLabels(trace);
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
}
