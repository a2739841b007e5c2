package org.moelab.traces.nsys;

/// The row that an event was read from, as it is packed into an event's source: the table's number in
/// [NsysDatabase#tables()] in the top 12 bits, the rowid in the others.
///
/// @param table the table's number
/// @param rowid the row's id in the table
record SourceRow(int table, long rowid) {
    private static final int ROW_BITS = 52;

    static SourceRow of(long source) {
        return new SourceRow((int) (source >>> ROW_BITS), source & (1L << ROW_BITS) - 1);
    }

    long packed() {
        return (long) table << ROW_BITS | rowid & (1L << ROW_BITS) - 1;
    }
}
