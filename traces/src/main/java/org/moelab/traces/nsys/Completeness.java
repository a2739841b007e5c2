package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.TraceBuilder;

/// Judges whether a capture holds what belongs together, and says what is missing.
final class Completeness {
    private static final List<String> DEVICE_TABLES = List.of(DeviceWork.KERNELS, DeviceWork.COPIES, DeviceWork.FILLS,
            DeviceWork.GRAPHS);

    private final NsysDatabase database;
    private final TraceBuilder builder;

    Completeness(NsysDatabase database, TraceBuilder builder) {
        this.database = database;
        this.builder = builder;
    }

    /// Warns of damage and of missing tables.
    ///
    /// @param events how many events were read
    /// @throws TraceReadException where the file is damaged and nothing could be read
    void check(long events) throws SQLException, TraceReadException {
        Map<String, Long> damage = database.damage();
        if (events == 0 && !damage.isEmpty()) {
            throw new TraceReadException(database.file(), "the database is cut off or damaged in table "
                    + damage.keySet().iterator().next() + ", and no event could be read");
        }
        damage.forEach((table, rows) -> builder.warn("truncated", 1,
                "the file is cut off or damaged: table " + table + " could be read up to row " + rows));
        if (events == 0) {
            builder.warn("no-events", 1, "the capture holds no events that can be shown");
            return;
        }
        long deviceRows = 0;
        for (String table : DEVICE_TABLES) {
            deviceRows += database.rows(table);
        }
        long calls = database.rows(ApiCalls.TABLE);
        if (deviceRows > 0 && calls == 0) {
            missing("work ran on devices, but no API calls were captured: nothing shows what launched it");
        }
        if (deviceRows == 0 && calls > 0) {
            missing("CUDA calls were captured, but no work on a device");
        }
        if (database.rows("StringIds") == 0) {
            missing("table StringIds is missing or empty: names are unknown");
        }
    }

    private void missing(String message) {
        builder.warn("missing-table", 1, message);
    }
}
