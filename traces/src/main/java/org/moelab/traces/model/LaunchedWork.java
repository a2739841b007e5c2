package org.moelab.traces.model;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The calls of one thread that launched device work, by rising start, with the time that the work of each took.
/// A tree of minima and maxima over them answers in logarithmic time what the calls of a range launched.
final class LaunchedWork {
    private final Trace trace;
    private final int[] calls;
    /// The latest end among a call and all before it.
    private final long[] latestEndNs;
    /// Heap-ordered trees over the calls' work: leaves begin at the number of calls.
    private final long[] firstNs;
    private final long[] lastNs;

    /// What calls launched.
    ///
    /// @param launches how many calls launched something
    /// @param startNs start of the first piece of work
    /// @param endNs end of the last piece of work
    record Span(int launches, long startNs, long endNs) {
        static final Span NOTHING = new Span(0, Long.MAX_VALUE, Long.MIN_VALUE);

        Span and(int moreLaunches, long otherStartNs, long otherEndNs) {
            return new Span(launches + moreLaunches, Math.min(startNs, otherStartNs), Math.max(endNs, otherEndNs));
        }
    }

    private LaunchedWork(Trace trace, int[] calls, IntPredicate counts) {
        this.trace = trace;
        this.calls = calls;
        int n = calls.length;
        latestEndNs = new long[n];
        firstNs = new long[2 * n];
        lastNs = new long[2 * n];
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < n; i++) {
            latest = Math.max(latest, trace.end(calls[i]));
            latestEndNs[i] = latest;
            int leaf = n + i;
            firstNs[leaf] = Long.MAX_VALUE;
            lastNs[leaf] = Long.MIN_VALUE;
            trace.forEachLaunched(calls[i], e -> {
                if (counts.test(e)) {
                    firstNs[leaf] = Math.min(firstNs[leaf], trace.start(e));
                    lastNs[leaf] = Math.max(lastNs[leaf], trace.end(e));
                }
            });
        }
        for (int i = n - 1; i > 0; i--) {
            firstNs[i] = Math.min(firstNs[2 * i], firstNs[2 * i + 1]);
            lastNs[i] = Math.max(lastNs[2 * i], lastNs[2 * i + 1]);
        }
    }

    /// What the calls on tracks of one thread launched.
    ///
    /// @param counts which device events count
    static LaunchedWork of(Trace trace, List<Track> tracks, IntPredicate counts) {
        Calls found = new Calls();
        for (int call : launchingCalls(trace, tracks)) {
            trace.forEachLaunched(call, e -> {
                if (counts.test(e)) {
                    found.add(call);
                }
            });
        }
        return new LaunchedWork(trace, found.toArray(), counts);
    }

    /// What the calls on tracks of one thread launched on each device, in one pass over the calls however many there are.
    static SortedMap<Integer, LaunchedWork> byDevice(Trace trace, List<Track> tracks) {
        SortedMap<Integer, Calls> found = new TreeMap<>();
        for (int call : launchingCalls(trace, tracks)) {
            trace.forEachLaunched(call, e -> {
                if (trace.kind(e).isDeviceWork() && device(trace, e) != Locus.NONE) {
                    found.computeIfAbsent(device(trace, e), _ -> new Calls()).add(call);
                }
            });
        }
        SortedMap<Integer, LaunchedWork> work = new TreeMap<>();
        found.forEach((device, calls) -> work.put(device, new LaunchedWork(trace, calls.toArray(),
                e -> trace.kind(e).isDeviceWork() && device(trace, e) == device)));
        return work;
    }

    private static int device(Trace trace, int event) {
        return trace.track(event).locus().device();
    }

    /// By rising start.
    private static int[] launchingCalls(Trace trace, List<Track> tracks) {
        int[] calls = tracks.stream()
                .flatMapToInt(t -> IntStream.range(trace.trackBegin(t.id()), trace.trackEnd(t.id())))
                .filter(e -> trace.kind(e).isApiCall() && trace.launchedCount(e) > 0).toArray();
        IntSort.sort(calls, (a, b) -> Long.compare(trace.start(a), trace.start(b)));
        return calls;
    }

    /// Calls in the order in which they come, each once however often in a row it is added.
    private static final class Calls {
        private int[] events = new int[16];
        private int size;

        void add(int call) {
            if (size > 0 && events[size - 1] == call) {
                return;
            }
            if (size == events.length) {
                events = Arrays.copyOf(events, size * 2);
            }
            events[size++] = call;
        }

        int[] toArray() {
            return Arrays.copyOf(events, size);
        }
    }

    /// What the calls launched that start and end within a time range.
    Span within(long fromNs, long toNs) {
        int from = firstStartingAtOrAfter(fromNs);
        int to = firstStartingAtOrAfter(toNs + 1);
        Span span = Span.NOTHING;
        // calls that begin in the range and end after it: few, as calls of a thread hardly overlap
        while (to > from && latestEndNs[to - 1] > toNs) {
            to--;
            if (trace.end(calls[to]) <= toNs) {
                span = span.and(1, firstNs[calls.length + to], lastNs[calls.length + to]);
            }
        }
        return to == from ? span : tree(span.and(to - from, Long.MAX_VALUE, Long.MIN_VALUE), from, to);
    }

    private Span tree(Span span, int from, int to) {
        long first = span.startNs;
        long last = span.endNs;
        int left = from + calls.length;
        int right = to + calls.length;
        while (left < right) {
            if ((left & 1) == 1) {
                first = Math.min(first, firstNs[left]);
                last = Math.max(last, lastNs[left]);
                left++;
            }
            if ((right & 1) == 1) {
                right--;
                first = Math.min(first, firstNs[right]);
                last = Math.max(last, lastNs[right]);
            }
            left >>= 1;
            right >>= 1;
        }
        return new Span(span.launches, first, last);
    }

    private int firstStartingAtOrAfter(long timeNs) {
        int low = 0;
        int high = calls.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (trace.start(calls[middle]) < timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
