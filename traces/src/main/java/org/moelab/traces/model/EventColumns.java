package org.moelab.traces.model;

import java.util.Arrays;

/// The frozen columns of a trace: 39 bytes an event.
final class EventColumns {
    /// Stored where an event has no correlation id.
    static final int NO_CORRELATION = -1;

    int size;
    long[] start;
    long[] duration;
    int[] name;
    int[] track;
    byte[] kind;
    short[] depth;
    int[] correlation;
    long[] source;

    EventColumns(int size) {
        this.size = size;
        start = new long[size];
        duration = new long[size];
        name = new int[size];
        track = new int[size];
        kind = new byte[size];
        depth = new short[size];
        correlation = new int[size];
        source = new long[size];
    }

    /// Makes room for more events at the end. Only before the trace is handed out.
    void grow(int more) {
        size += more;
        start = Arrays.copyOf(start, size);
        duration = Arrays.copyOf(duration, size);
        name = Arrays.copyOf(name, size);
        track = Arrays.copyOf(track, size);
        kind = Arrays.copyOf(kind, size);
        depth = Arrays.copyOf(depth, size);
        correlation = Arrays.copyOf(correlation, size);
        source = Arrays.copyOf(source, size);
    }

    long bytes() {
        return (8L + 8 + 4 + 4 + 1 + 2 + 4 + 8) * size;
    }
}
