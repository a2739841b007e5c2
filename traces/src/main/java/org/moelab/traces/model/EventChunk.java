package org.moelab.traces.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Growable columns that one thread fills with events in any order, before a [TraceBuilder] sorts and freezes them.
/// Names and text are indices into the chunk's own [#strings()]. Tracks are ids of the builder, unless [#mapTracks]
/// says how the chunk's own numbers become such ids.
public final class EventChunk {
    private static final int FIRST_CAPACITY = 1024;

    private final StringTable.Builder strings;
    int size;
    long[] start = new long[FIRST_CAPACITY];
    long[] duration = new long[FIRST_CAPACITY];
    int[] name = new int[FIRST_CAPACITY];
    int[] track = new int[FIRST_CAPACITY];
    byte[] kind = new byte[FIRST_CAPACITY];
    int[] correlation = new int[FIRST_CAPACITY];
    long[] source = new long[FIRST_CAPACITY];
    final Map<AttributeKey, AttributeColumn> attributes = new LinkedHashMap<>();

    /// A chunk with strings of its own.
    public EventChunk() {
        this(new StringTable.Builder());
    }

    EventChunk(StringTable.Builder strings) {
        this.strings = strings;
    }

    /// Where this chunk's names and texts are collected.
    public StringTable.Builder strings() {
        return strings;
    }

    /// Number of events so far.
    public int size() {
        return size;
    }

    /// Adds an event and gives its row in this chunk.
    ///
    /// @param track id of the track, see [#mapTracks]
    /// @param startNs start
    /// @param durationNs duration, at least 0
    /// @param name index into [#strings()]
    /// @param correlation unsigned 32-bit id that a launch shares with its device work, -1 for none
    /// @param source where to read the event's details again, in the importer's own terms
    public int add(int track, EventKind kind, long startNs, long durationNs, int name, long correlation, long source) {
        if (durationNs < 0) {
            throw new IllegalArgumentException("event with a duration of " + durationNs + " ns");
        }
        int row = size;
        if (row == start.length) {
            grow();
        }
        start[row] = startNs;
        duration[row] = durationNs;
        this.name[row] = name;
        this.track[row] = track;
        this.kind[row] = (byte) kind.ordinal();
        this.correlation[row] = (int) correlation;
        this.source[row] = source;
        size++;
        return row;
    }

    /// Gives a row of this chunk a fact. At most one value a row and key.
    public void attribute(int row, AttributeKey key, long bits) {
        attributes.computeIfAbsent(key, _ -> new AttributeColumn()).add(row, bits);
    }

    /// Gives a row of this chunk a fact that is a number with a fraction.
    public void attribute(int row, AttributeKey key, double value) {
        attribute(row, key, Double.doubleToRawLongBits(value));
    }

    /// Start of a row's event in ns.
    public long start(int row) {
        return start[row];
    }

    /// Duration of a row's event in ns.
    public long duration(int row) {
        return duration[row];
    }

    /// Correlation id of a row's event as an unsigned 32-bit number, -1 for none.
    public long correlation(int row) {
        int c = correlation[row];
        return c == EventColumns.NO_CORRELATION ? -1 : Integer.toUnsignedLong(c);
    }

    /// Track number of a row as it was added or last mapped.
    public int track(int row) {
        return track[row];
    }

    /// Replaces the track numbers that the rows were added with by `map[number]`.
    public void mapTracks(int[] map) {
        for (int row = 0; row < size; row++) {
            track[row] = map[track[row]];
        }
    }

    /// Replaces the values of an attribute by `map[value]`, for values that were numbered within the chunk.
    public void mapAttribute(AttributeKey key, int[] map) {
        AttributeColumn column = attributes.get(key);
        for (int i = 0; column != null && i < column.size; i++) {
            column.bits[i] = map[(int) column.bits[i]];
        }
    }

    /// Shifts all starts, for clocks that are found out after the events were read.
    public void shift(long deltaNs) {
        for (int row = 0; row < size; row++) {
            start[row] += deltaNs;
        }
    }

    private void grow() {
        int capacity = size + (size >> 1);
        start = Arrays.copyOf(start, capacity);
        duration = Arrays.copyOf(duration, capacity);
        name = Arrays.copyOf(name, capacity);
        track = Arrays.copyOf(track, capacity);
        kind = Arrays.copyOf(kind, capacity);
        correlation = Arrays.copyOf(correlation, capacity);
        source = Arrays.copyOf(source, capacity);
    }

    /// Rows and values of one attribute in one chunk.
    static final class AttributeColumn {
        int size;
        int[] rows = new int[64];
        long[] bits = new long[64];

        void add(int row, long value) {
            if (size == rows.length) {
                rows = Arrays.copyOf(rows, size * 2);
                bits = Arrays.copyOf(bits, size * 2);
            }
            rows[size] = row;
            bits[size] = value;
            size++;
        }
    }
}
