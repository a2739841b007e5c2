package org.moelab.traces.stats.hta;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

import org.moelab.traces.model.IntSort;

/// Events grouped by a number, such as their correlation id. Within a group they keep their order.
final class EventGroups {
    private static final int[] NONE = new int[0];

    /// Distinct, rising.
    private final long[] keys;
    /// Where each key's events begin in [#events].
    private final int[] begin;
    private final int[] events;

    private EventGroups(long[] keys, int[] begin, int[] events) {
        this.keys = keys;
        this.begin = begin;
        this.events = events;
    }

    /// Groups the events by what the key says of them.
    static EventGroups of(int[] events, IntToLongFunction key) {
        long[] keyOf = Arrays.stream(events).mapToLong(key).toArray();
        int[] order = new int[events.length];
        Arrays.setAll(order, i -> i);
        IntSort.sort(order, (a, b) -> Long.compare(keyOf[a], keyOf[b]));
        long[] keys = new long[events.length];
        int[] begin = new int[events.length + 1];
        int[] grouped = new int[events.length];
        int size = 0;
        for (int i = 0; i < order.length; i++) {
            long k = keyOf[order[i]];
            if (size == 0 || keys[size - 1] != k) {
                keys[size] = k;
                begin[size++] = i;
            }
            grouped[i] = events[order[i]];
        }
        begin[size] = events.length;
        return new EventGroups(Arrays.copyOf(keys, size), Arrays.copyOf(begin, size + 1), grouped);
    }

    /// The keys that occur, rising.
    long[] keys() {
        return keys.clone();
    }

    /// Whether the key occurs.
    boolean contains(long key) {
        return Arrays.binarySearch(keys, key) >= 0;
    }

    /// How many events have the key.
    int count(long key) {
        int i = Arrays.binarySearch(keys, key);
        return i < 0 ? 0 : begin[i + 1] - begin[i];
    }

    /// The events that have the key.
    int[] get(long key) {
        int i = Arrays.binarySearch(keys, key);
        return i < 0 ? NONE : Arrays.copyOfRange(events, begin[i], begin[i + 1]);
    }
}
