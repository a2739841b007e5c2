package org.moelab.traces.kineto;

import java.util.Arrays;

/// What of a block cannot become an event or a sample by itself: the two ends of pairs and arrows, counter samples and the
/// names of processes and threads. Columns, in file order.
final class Points {
    /// Phases that are none of the format's: what a metadata event names, and a total that comes with an allocation.
    static final char PROCESS_NAME = 'P';
    static final char PROCESS_LABELS = 'L';
    static final char PROCESS_SORT = 'O';
    static final char THREAD_NAME = 'T';
    static final char THREAD_SORT = 'U';
    static final char TOTAL = 'A';

    private int size;
    private byte[] phase = new byte[64];
    private int[] thread = new int[64];
    private int[] detail = new int[64];
    private long[] time = new long[64];
    private int[] name = new int[64];
    private int[] category = new int[64];
    private long[] value = new long[64];
    private long[] source = new long[64];

    /// @param phase the event's `ph`, or one of the constants above
    /// @param thread number of its thread in the block
    /// @param detail device of a total, or `Locus.NONE`; the domain of half a pair, an index in the block's strings
    /// @param time ns
    /// @param name index in the block's strings
    /// @param category index in the block's categories
    /// @param value the id of an arrow or a pair, the bits of a sample's double, a sort index
    /// @param source byte offset in the unpacked text
    void add(byte phase, int thread, int detail, long time, int name, int category, long value, long source) {
        if (size == this.phase.length) {
            grow();
        }
        this.phase[size] = phase;
        this.thread[size] = thread;
        this.detail[size] = detail;
        this.time[size] = time;
        this.name[size] = name;
        this.category[size] = category;
        this.value[size] = value;
        this.source[size] = source;
        size++;
    }

    private void grow() {
        int capacity = size * 2;
        phase = Arrays.copyOf(phase, capacity);
        thread = Arrays.copyOf(thread, capacity);
        detail = Arrays.copyOf(detail, capacity);
        time = Arrays.copyOf(time, capacity);
        name = Arrays.copyOf(name, capacity);
        category = Arrays.copyOf(category, capacity);
        value = Arrays.copyOf(value, capacity);
        source = Arrays.copyOf(source, capacity);
    }

    int size() {
        return size;
    }

    char phase(int i) {
        return (char) phase[i];
    }

    int thread(int i) {
        return thread[i];
    }

    int detail(int i) {
        return detail[i];
    }

    long time(int i) {
        return time[i];
    }

    int name(int i) {
        return name[i];
    }

    int category(int i) {
        return category[i];
    }

    long value(int i) {
        return value[i];
    }

    long source(int i) {
        return source[i];
    }
}
