package org.moelab.traces.kineto;

/// Lets each name of a process or thread through once. Some producers repeat them before every event: two thirds of such
/// a file is metadata.
final class MetadataFilter {
    private static final int SLOTS = 1 << 10;

    private final long[] whats = new long[SLOTS];
    private final long[] values = new long[SLOTS];

    /// Whether this has not just been told. A forgotten one may come again.
    ///
    /// @param what which metadata, not 0
    /// @param thread number of the thread
    /// @param name index of the name
    /// @param value sort index
    boolean isNew(char what, int thread, int name, long value) {
        long key = (long) what << 32 | thread;
        long told = (long) name << 32 ^ value;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 54);
        if (whats[slot] == key && values[slot] == told) {
            return false;
        }
        whats[slot] = key;
        values[slot] = told;
        return true;
    }
}
