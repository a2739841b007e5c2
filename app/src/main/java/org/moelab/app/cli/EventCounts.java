package org.moelab.app.cli;

import java.util.EnumMap;
import java.util.Map;

import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

/// How many events a trace holds.
///
/// @param byKind kinds that occur, in the order of [EventKind]
/// @param deviceWork kernels, copies and other work of devices
/// @param linked how many of those are linked to the call that launched them
record EventCounts(Map<EventKind, Integer> byKind, int deviceWork, int linked) {
    static EventCounts of(Trace trace) {
        Map<EventKind, Integer> byKind = new EnumMap<>(EventKind.class);
        int deviceWork = 0;
        int linked = 0;
        for (int event = 0; event < trace.size(); event++) {
            EventKind kind = trace.kind(event);
            byKind.merge(kind, 1, Integer::sum);
            if (kind.isDeviceWork()) {
                deviceWork++;
                linked += trace.link(event) >= 0 ? 1 : 0;
            }
        }
        return new EventCounts(byKind, deviceWork, linked);
    }
}
