package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import org.moelab.app.selection.TimeRange;
import org.moelab.app.theme.OperationKinds;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;

/// Sums the events of an area: the range is cut into pieces of time, which are summed in parallel.
/// For the definitions see [AreaStatistics].
public final class AreaSums {
    private static final int PIECES = 32;

    private final Trace trace;
    private final TimeRange range;
    private final BooleanSupplier cancelled;
    private final boolean deviceWork;
    private final List<Lane> lanes;

    private AreaSums(Trace trace, TimeRange range, boolean deviceWork, List<Lane> lanes, BooleanSupplier cancelled) {
        this.trace = trace;
        this.range = range;
        this.deviceWork = deviceWork;
        this.lanes = lanes;
        this.cancelled = cancelled;
    }

    /// Sums an area.
    ///
    /// @param tracks the tracks of its rows
    /// @param cancelled asked now and then whether to give up
    /// @throws CancellationException where it was
    public static AreaStatistics of(Trace trace, OperationKinds kinds, List<Track> tracks, TimeRange range,
            BooleanSupplier cancelled) {
        List<Track> working = tracks.stream().filter(t -> touchesWork(trace, t, range)).toList();
        boolean deviceWork = !working.isEmpty();
        List<Track> summed = deviceWork ? working : tracks;
        List<Lane> lanes = summed.stream().flatMap(t -> trace.lanes(t.id()).stream()).toList();
        AreaSums sums = new AreaSums(trace, range, deviceWork, lanes, cancelled);
        List<Piece> pieces = IntStream.range(0, PIECES).parallel().mapToObj(sums::piece).toList();
        ByName all = new ByName();
        pieces.forEach(p -> all.add(p.byName));
        return new AreaStatistics(range, deviceWork, summed.size(), pieces.stream().mapToLong(p -> p.busyNs).sum(),
                all.entries(trace, kinds));
    }

    private static boolean touchesWork(Trace trace, Track track, TimeRange range) {
        return trace.lanes(track.id()).stream().anyMatch(lane -> {
            int i = lane.firstEndingAfter(range.fromNs());
            return i < lane.size() && trace.start(lane.event(i)) < range.toNs()
                    && trace.kind(lane.event(i)).isDeviceWork();
        });
    }

    private record Piece(ByName byName, long busyNs) {}

    /// One piece of the range: the busy time in it, and the sums of the events that begin in it; of those that began
    /// before the range, in the first.
    private Piece piece(int index) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("sums of an area");
        }
        long from = edge(index);
        long to = edge(index + 1);
        ByName byName = new ByName();
        for (Lane lane : lanes) {
            int i = index == 0
                    ? Math.min(lane.firstEndingAfter(from), lane.lastStartingAtOrBefore(from - 1) + 1)
                    : lane.lastStartingAtOrBefore(from - 1) + 1;
            for (; i < lane.size(); i++) {
                int event = lane.event(i);
                if (trace.start(event) >= to) {
                    break;
                }
                EventKind kind = trace.kind(event);
                if (!deviceWork || kind.isDeviceWork()) {
                    long inside = Math.min(trace.end(event), range.toNs())
                            - Math.max(trace.start(event), range.fromNs());
                    byName.add(kind, trace.nameId(event), 1, inside, trace.duration(event), trace.duration(event),
                            trace.duration(event));
                }
            }
        }
        return new Piece(byName, union(from, to));
    }

    /// Where a piece begins; without a product that could overflow.
    private long edge(int index) {
        return range.fromNs() + range.lengthNs() / PIECES * index + range.lengthNs() % PIECES * index / PIECES;
    }

    /// Time in which at least one lane is busy: the lanes are walked together by rising start.
    private long union(long from, long to) {
        LaneHeap heap = new LaneHeap(from);
        long busy = 0;
        long covered = from;
        while (heap.size > 0 && heap.topStart() < to) {
            long start = Math.max(covered, heap.topStart());
            long end = Math.min(to, heap.topEnd());
            if (end > start) {
                busy += end - start;
                covered = end;
            }
            heap.advance(covered);
        }
        return busy;
    }

    /// Lanes by the start of their next event.
    private final class LaneHeap {
        private final Lane[] heap = new Lane[lanes.size()];
        private final int[] position = new int[lanes.size()];
        private int size;

        LaneHeap(long fromNs) {
            for (Lane lane : lanes) {
                int i = nextWork(lane, lane.firstEndingAfter(fromNs));
                if (i < lane.size()) {
                    heap[size] = lane;
                    position[size] = i;
                    size++;
                }
            }
            for (int i = size / 2 - 1; i >= 0; i--) {
                sink(i);
            }
        }

        private int nextWork(Lane lane, int from) {
            int i = from;
            while (deviceWork && i < lane.size() && !trace.kind(lane.event(i)).isDeviceWork()) {
                i++;
            }
            return i;
        }

        long topStart() {
            return start(0);
        }

        long topEnd() {
            return trace.end(heap[0].event(position[0]));
        }

        /// Moves the top lane on to its next event that ends after a time; what ends before adds nothing.
        void advance(long coveredNs) {
            int next = position[0] + 1;
            if (next < heap[0].size() && trace.end(heap[0].event(next)) <= coveredNs) {
                next = heap[0].firstEndingAfter(coveredNs);
            }
            position[0] = nextWork(heap[0], next);
            if (position[0] >= heap[0].size()) {
                size--;
                heap[0] = heap[size];
                position[0] = position[size];
            }
            sink(0);
        }

        private long start(int i) {
            return trace.start(heap[i].event(position[i]));
        }

        private void sink(int from) {
            int i = from;
            while (true) {
                int least = i;
                for (int child = 2 * i + 1; child <= 2 * i + 2 && child < size; child++) {
                    if (start(child) < start(least)) {
                        least = child;
                    }
                }
                if (least == i) {
                    return;
                }
                Lane lane = heap[i];
                heap[i] = heap[least];
                heap[least] = lane;
                int p = position[i];
                position[i] = position[least];
                position[least] = p;
                i = least;
            }
        }
    }

    /// Sums by kind and name, in an open-addressing table.
    private static final class ByName {
        private static final int COLUMNS = 5;

        private long[] keys = new long[64];
        private long[] sums = new long[64 * COLUMNS];
        private int size;

        void add(EventKind kind, int name, long count, long inside, long total, long min, long max) {
            add((long) (kind.ordinal() + 1) << 32 | name, count, inside, total, min, max);
        }

        private void add(long key, long count, long inside, long total, long min, long max) {
            int slot = slot(key);
            if (keys[slot] == 0) {
                keys[slot] = key;
                sums[slot * COLUMNS + 3] = Long.MAX_VALUE;
                if (++size * 2 > keys.length) {
                    grow();
                    slot = slot(key);
                }
            }
            int at = slot * COLUMNS;
            sums[at] += count;
            sums[at + 1] += inside;
            sums[at + 2] += total;
            sums[at + 3] = Math.min(sums[at + 3], min);
            sums[at + 4] = Math.max(sums[at + 4], max);
        }

        private int slot(long key) {
            int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & keys.length - 1;
            while (keys[slot] != 0 && keys[slot] != key) {
                slot = slot + 1 & keys.length - 1;
            }
            return slot;
        }

        private void grow() {
            long[] oldKeys = keys;
            long[] oldSums = sums;
            keys = new long[oldKeys.length * 2];
            sums = new long[oldSums.length * 2];
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldKeys[i] != 0) {
                    int slot = slot(oldKeys[i]);
                    keys[slot] = oldKeys[i];
                    System.arraycopy(oldSums, i * COLUMNS, sums, slot * COLUMNS, COLUMNS);
                }
            }
        }

        void add(ByName other) {
            for (int i = 0; i < other.keys.length; i++) {
                if (other.keys[i] != 0) {
                    long[] s = Arrays.copyOfRange(other.sums, i * COLUMNS, (i + 1) * COLUMNS);
                    add(other.keys[i], s[0], s[1], s[2], s[3], s[4]);
                }
            }
        }

        List<AreaStatistics.Entry> entries(Trace trace, OperationKinds kinds) {
            long all = 0;
            for (int i = 0; i < keys.length; i++) {
                all += sums[i * COLUMNS + 1];
            }
            EventKind[] eventKinds = EventKind.values();
            List<AreaStatistics.Entry> entries = new ArrayList<>();
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != 0) {
                    int at = i * COLUMNS;
                    EventKind kind = eventKinds[(int) (keys[i] >>> 32) - 1];
                    int name = (int) keys[i];
                    entries.add(new AreaStatistics.Entry(trace.strings().get(name), kind, kinds.of(kind, name),
                            sums[at], sums[at + 1], all == 0 ? 0 : (double) sums[at + 1] / all, sums[at + 3],
                            (double) sums[at + 2] / sums[at], sums[at + 4]));
                }
            }
            entries.sort(Comparator.comparingLong(AreaStatistics.Entry::totalNs).reversed()
                    .thenComparing(AreaStatistics.Entry::name));
            return entries;
        }
    }
}
