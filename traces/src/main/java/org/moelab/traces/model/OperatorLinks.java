package org.moelab.traces.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Finds the framework operator that caused a device event or a call.
///
/// The PyTorch profiler writes an `External id` on events. In files of 2021 and from 2024 on it is the operator's own id,
/// and the operator carries it too. In files of 2022 and 2023 the id of a kernel merely repeats its correlation id, while
/// operators count their own: there, and where there is no id, the operator is the innermost one that encloses the launching
/// call on its thread. Which of the two a trace does shows in its kernels.
public final class OperatorLinks {
    private final Trace trace;
    private final Optional<Attribute> externalId;
    /// Operators and their ids, by rising id; empty where ids are of no use.
    private final long[] ids;
    private final int[] operators;
    /// The row of operators of each track's thread, or -1.
    private final int[] operatorRow;

    /// Prepares the look-ups; costs a pass over the operators.
    public OperatorLinks(Trace trace) {
        this.trace = trace;
        externalId = trace.attribute(AttributeKey.EXTERNAL_ID);
        int[] found = externalId.filter(_ -> idsAreOperators()).map(this::operatorsById).orElse(new int[0]);
        operators = found;
        ids = Arrays.stream(found).mapToLong(this::id).toArray();
        Map<Integer, Integer> rowOfThread = new HashMap<>();
        for (Track track : trace.tracks()) {
            if (track.kind() == TrackKind.OPS) {
                rowOfThread.put(track.parent(), track.id());
            }
        }
        operatorRow = trace.tracks().stream().mapToInt(t -> rowOfThread.getOrDefault(t.parent(), -1)).toArray();
    }

    private long id(int event) {
        return externalId.map(a -> a.valueOr(event, -1)).orElse(-1L);
    }

    private boolean idsAreOperators() {
        int repeats = 0;
        int differs = 0;
        Attribute id = externalId.orElseThrow();
        for (int i = 0; i < id.size(); i++) {
            int event = id.event(i);
            if (trace.kind(event).isDeviceWork()) {
                if (id.longAt(i) == trace.correlation(event)) {
                    repeats++;
                } else {
                    differs++;
                }
            }
        }
        return differs > repeats;
    }

    private int[] operatorsById(Attribute id) {
        int[] found = new int[id.size()];
        int n = 0;
        for (int i = 0; i < id.size(); i++) {
            if (isOperator(id.event(i))) {
                found[n++] = id.event(i);
            }
        }
        int[] sorted = Arrays.copyOf(found, n);
        IntSort.sort(sorted, (a, b) -> Long.compare(id.valueOr(a, -1), id.valueOr(b, -1)));
        return sorted;
    }

    private boolean isOperator(int event) {
        EventKind kind = trace.kind(event);
        return kind == EventKind.CPU_OP || kind == EventKind.RANGE;
    }

    /// The operator that caused a device event or a call; -1 where the trace does not tell, and for other events.
    public int operatorOf(int event) {
        if (!trace.kind(event).onDevice() && !trace.kind(event).isApiCall()) {
            return -1;
        }
        int launch = trace.kind(event).onDevice() ? trace.link(event) : event;
        if (ids.length > 0 && externalId.orElseThrow().has(event)) {
            int operator = byId(id(event), event);
            if (operator >= 0) {
                return operator;
            }
        }
        return launch < 0 ? -1 : enclosing(launch);
    }

    /// Ids may repeat between processes.
    private int byId(long id, int event) {
        int i = Arrays.binarySearch(ids, id);
        if (i < 0) {
            return -1;
        }
        while (i > 0 && ids[i - 1] == id) {
            i--;
        }
        int process = trace.track(event).locus().process();
        for (; i < ids.length && ids[i] == id; i++) {
            if (operators[i] != event && trace.track(operators[i]).locus().process() == process) {
                return operators[i];
            }
        }
        return -1;
    }

    private int enclosing(int call) {
        int row = operatorRow[trace.trackId(call)];
        if (row < 0) {
            return -1;
        }
        int found = -1;
        for (Lane lane : trace.lanes(row)) {
            int i = lane.lastStartingAtOrBefore(trace.start(call));
            if (i >= 0 && trace.end(lane.event(i)) >= trace.end(call)) {
                found = lane.event(i);
            }
        }
        return found;
    }
}
