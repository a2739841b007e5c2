package org.moelab.traces.model;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// Who launched which device work: joined on process and correlation id.
/// Two columns over the linked device events only, sorted both ways.
final class LaunchLinks {
    /// Linked device events, rising, and the call of each.
    private final EventSet deviceEvents;
    private final int[] calls;
    /// Positions in the two columns above, ordered by call.
    private final int[] byCall;

    private LaunchLinks(int[] deviceEvents, int[] calls, int[] byCall) {
        this.deviceEvents = new EventSet(deviceEvents);
        this.calls = calls;
        this.byCall = byCall;
    }

    /// Joins device events with API calls of the same process and correlation id. Where several calls share an id, a
    /// runtime call is preferred to a driver call, then the earlier one.
    static LaunchLinks join(EventColumns columns, List<Track> tracks) {
        int calls = 0;
        int devices = 0;
        for (int e = 0; e < columns.size; e++) {
            if (columns.correlation[e] != EventColumns.NO_CORRELATION) {
                EventKind kind = EventKind.of(columns.kind[e]);
                calls += kind.isApiCall() ? 1 : 0;
                devices += kind.onDevice() ? 1 : 0;
            }
        }
        CallIndex index = new CallIndex(columns, tracks, calls);
        int[] deviceEvents = new int[devices];
        int[] callOf = new int[devices];
        int linked = 0;
        for (int e = 0; e < columns.size; e++) {
            if (columns.correlation[e] != EventColumns.NO_CORRELATION && EventKind.of(columns.kind[e]).onDevice()) {
                int call = index.find(e);
                if (call >= 0) {
                    deviceEvents[linked] = e;
                    callOf[linked++] = call;
                }
            }
        }
        int[] events = Arrays.copyOf(deviceEvents, linked);
        int[] callColumn = Arrays.copyOf(callOf, linked);
        int[] order = new int[linked];
        for (int i = 0; i < linked; i++) {
            order[i] = i;
        }
        IntSort.sort(order,
                (a, b) -> callColumn[a] != callColumn[b]
                        ? Integer.compare(callColumn[a], callColumn[b])
                        : Integer.compare(a, b));
        return new LaunchLinks(events, callColumn, order);
    }

    int launchOf(int event) {
        int i = deviceEvents.find(event);
        return i < 0 ? -1 : calls[i];
    }

    void forEachLaunched(int call, IntConsumer consumer) {
        for (int i = firstOf(call); i < byCall.length && calls[byCall[i]] == call; i++) {
            consumer.accept(deviceEvents.event(byCall[i]));
        }
    }

    int launchedCount(int call) {
        int n = 0;
        for (int i = firstOf(call); i < byCall.length && calls[byCall[i]] == call; i++) {
            n++;
        }
        return n;
    }

    private int firstOf(int call) {
        int low = 0;
        int high = byCall.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (calls[byCall[middle]] < call) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    long bytes() {
        return deviceEvents.bytes() + 8L * calls.length;
    }

    /// An open-addressing table from process and correlation id to the call.
    private static final class CallIndex {
        private final EventColumns columns;
        private final int[] processOfTrack;
        private final int[] slots;

        CallIndex(EventColumns columns, List<Track> tracks, int calls) {
            this.columns = columns;
            processOfTrack = tracks.stream().mapToInt(t -> t.locus().process()).toArray();
            slots = new int[Integer.highestOneBit(Math.max(8, calls)) * 4];
            for (int e = 0; e < columns.size; e++) {
                if (columns.correlation[e] != EventColumns.NO_CORRELATION
                        && EventKind.of(columns.kind[e]).isApiCall()) {
                    put(e);
                }
            }
        }

        private void put(int event) {
            int slot = firstSlot(event);
            while (slots[slot] != 0) {
                int other = slots[slot] - 1;
                if (sameKey(other, event)) {
                    if (better(event, other)) {
                        slots[slot] = event + 1;
                    }
                    return;
                }
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = event + 1;
        }

        private boolean better(int event, int other) {
            if (columns.kind[event] != columns.kind[other]) {
                return EventKind.of(columns.kind[event]) == EventKind.RUNTIME_CALL;
            }
            return columns.start[event] < columns.start[other];
        }

        int find(int deviceEvent) {
            int slot = firstSlot(deviceEvent);
            while (slots[slot] != 0) {
                int call = slots[slot] - 1;
                if (sameKey(call, deviceEvent)) {
                    return call;
                }
                slot = slot + 1 & slots.length - 1;
            }
            return -1;
        }

        private boolean sameKey(int a, int b) {
            return columns.correlation[a] == columns.correlation[b]
                    && processOfTrack[columns.track[a]] == processOfTrack[columns.track[b]];
        }

        private int firstSlot(int event) {
            int h = columns.correlation[event] * 0x9E3779B9 ^ processOfTrack[columns.track[event]] * 0x85EBCA6B;
            return (h ^ h >>> 16) & slots.length - 1;
        }
    }
}
