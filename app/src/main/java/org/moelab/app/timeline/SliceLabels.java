package org.moelab.app.timeline;

import org.jspecify.annotations.Nullable;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.Trace;

/// What stands in the bars of one trace: names of functions without scopes and parameters, other names as they are.
/// Each is made when first asked for. Safe for use by any number of threads.
public final class SliceLabels {
    private final Trace trace;
    /// Racing threads write equal strings.
    private final @Nullable String[] labels;

    /// For the names of a trace.
    public SliceLabels(Trace trace) {
        this.trace = trace;
        this.labels = new String[trace.strings().size()];
    }

    /// The label of a name.
    ///
    /// @param nameId an index into the trace's strings
    public String of(int nameId) {
        String label = labels[nameId];
        if (label == null) {
            label = FunctionName.parse(trace.strings().get(nameId)).label();
            labels[nameId] = label;
        }
        return label;
    }
}
