package org.moelab.traces.model;

/// The frozen columns of a trace: 39 bytes an event.
final class EventColumns {
    /// Stored where an event has no correlation id.
    static final int NO_CORRELATION = -1;

    final int size;
    final long[] start;
    final long[] duration;
    final int[] name;
    final int[] track;
    final byte[] kind;
    final short[] depth;
    final int[] correlation;
    final long[] source;

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

    long bytes() {
        return (8L + 8 + 4 + 4 + 1 + 2 + 4 + 8) * size;
    }
}
