package org.moelab.traces.model;

import java.util.Arrays;

/// A sparse column: a fact that some of a trace's events carry, sorted by event.
/// Values that all fit 32 bits are kept in 32 bits.
public final class Attribute {
    private final AttributeKey key;
    private final int[] events;
    private final long[] wide;
    private final int[] narrow;

    /// @param events event indices, rising, one for each value; the array is kept
    /// @param bits the values' 64 bits; the array may be kept
    Attribute(AttributeKey key, int[] events, long[] bits) {
        this.key = key;
        this.events = events;
        boolean fits = true;
        for (long v : bits) {
            if ((int) v != v) {
                fits = false;
                break;
            }
        }
        if (fits) {
            narrow = new int[bits.length];
            for (int i = 0; i < bits.length; i++) {
                narrow[i] = (int) bits[i];
            }
            wide = new long[0];
        } else {
            narrow = new int[0];
            wide = bits;
        }
    }

    /// The column's name, type and unit.
    public AttributeKey key() {
        return key;
    }

    /// How many events carry it.
    public int size() {
        return events.length;
    }

    /// The event of the i-th value.
    public int event(int i) {
        return events[i];
    }

    /// The position of an event's value, or a negative number where the event has none.
    public int find(int event) {
        return Arrays.binarySearch(events, event);
    }

    /// Whether the event carries it.
    public boolean has(int event) {
        return find(event) >= 0;
    }

    /// The i-th value as an integer (or as a string's index).
    public long longAt(int i) {
        return wide.length == 0 ? narrow[i] : wide[i];
    }

    /// The i-th value as a double.
    public double doubleAt(int i) {
        return key.type() == AttributeKey.Type.DOUBLE ? Double.longBitsToDouble(longAt(i)) : longAt(i);
    }

    /// The event's value as an integer, or `absent` where it has none.
    public long valueOr(int event, long absent) {
        int i = find(event);
        return i < 0 ? absent : longAt(i);
    }

    /// Heap bytes of the column.
    public long bytes() {
        return 4L * events.length + 4L * narrow.length + 8L * wide.length;
    }
}
