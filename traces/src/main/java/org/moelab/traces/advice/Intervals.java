package org.moelab.traces.advice;

import java.util.Arrays;
import java.util.function.IntPredicate;

import org.moelab.traces.model.Trace;

/// Disjoint spans of time in ns, by rising start.
final class Intervals {
    private final long[] from;
    private final long[] to;
    private final int size;

    private Intervals(long[] from, long[] to, int size) {
        this.from = from;
        this.to = to;
        this.size = size;
    }

    /// The union of events.
    ///
    /// @param events by rising start
    /// @param counts which of them count
    static Intervals union(Trace trace, int[] events, IntPredicate counts) {
        long[] from = new long[events.length];
        long[] to = new long[events.length];
        int size = 0;
        for (int e : events) {
            if (!counts.test(e)) {
                continue;
            }
            if (size > 0 && trace.start(e) <= to[size - 1]) {
                to[size - 1] = Math.max(to[size - 1], trace.end(e));
            } else {
                from[size] = trace.start(e);
                to[size++] = trace.end(e);
            }
        }
        return new Intervals(Arrays.copyOf(from, size), Arrays.copyOf(to, size), size);
    }

    /// Time covered.
    long length() {
        long length = 0;
        for (int i = 0; i < size; i++) {
            length += to[i] - from[i];
        }
        return length;
    }

    /// Time that both cover.
    long overlap(Intervals other) {
        long overlap = 0;
        int i = 0;
        int j = 0;
        while (i < size && j < other.size) {
            overlap += Math.max(0, Math.min(to[i], other.to[j]) - Math.max(from[i], other.from[j]));
            if (to[i] < other.to[j]) {
                i++;
            } else {
                j++;
            }
        }
        return overlap;
    }

    /// Time of a span that is covered.
    long overlap(long spanFrom, long spanTo) {
        int i = Arrays.binarySearch(to, 0, size, spanFrom);
        long overlap = 0;
        for (i = i < 0 ? -i - 1 : i; i < size && from[i] < spanTo; i++) {
            overlap += Math.max(0, Math.min(to[i], spanTo) - Math.max(from[i], spanFrom));
        }
        return overlap;
    }
}
