package org.moelab.app.theme;

import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

/// The family of every event of one trace. A family is found once a name and kind and then remembered, a byte each.
/// Safe for use by any number of threads.
public final class OperationKinds {
    private static final OperationKind[] KINDS = OperationKind.values();

    private final Trace trace;
    /// By name: one more than the ordinal of its family as a kernel's name, 0 where not yet found. Racing threads write
    /// the same byte.
    private final byte[] byName;

    /// For the events of a trace.
    public OperationKinds(Trace trace) {
        this.trace = trace;
        this.byName = new byte[trace.strings().size()];
    }

    /// The family of an event.
    public OperationKind of(int event) {
        return of(trace.kind(event), trace.nameId(event));
    }

    /// The family of an event of this kind with this name.
    ///
    /// @param nameId an index into the trace's strings
    public OperationKind of(EventKind kind, int nameId) {
        return switch (kind) {
            case KERNEL, GRAPH, DEVICE_OTHER -> ofKernel(nameId);
            default -> OperationKind.of(kind, "");
        };
    }

    private OperationKind ofKernel(int nameId) {
        int known = byName[nameId];
        if (known == 0) {
            known = OperationKind.of(EventKind.KERNEL, trace.strings().get(nameId)).ordinal() + 1;
            byName[nameId] = (byte) known;
        }
        return KINDS[known - 1];
    }
}
