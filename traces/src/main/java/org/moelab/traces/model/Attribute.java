package org.moelab.traces.model;

/// A sparse column: a fact that some of a trace's events carry, sorted by event.
/// Which events carry it and the values are both kept in as few bytes as they need.
public final class Attribute {
    private final AttributeKey key;
    private final EventSet events;
    private final PackedLongs values;

    /// @param events event indices, rising, one for each value; the array may be kept
    /// @param bits the values' 64 bits; the array may be kept
    Attribute(AttributeKey key, int[] events, long[] bits) {
        this.key = key;
        this.events = new EventSet(events);
        this.values = new PackedLongs(bits);
    }

    /// The column's name, type and unit.
    public AttributeKey key() {
        return key;
    }

    /// How many events carry it.
    public int size() {
        return events.size();
    }

    /// The event of the i-th value.
    public int event(int i) {
        return events.event(i);
    }

    /// The position of an event's value, or a negative number where the event has none.
    public int find(int event) {
        return events.find(event);
    }

    /// Whether the event carries it.
    public boolean has(int event) {
        return find(event) >= 0;
    }

    /// The i-th value as an integer (or as a string's index).
    public long longAt(int i) {
        return values.get(i);
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
        return events.bytes() + values.bytes();
    }
}
