package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.nsys.Place.HostRow;
import org.moelab.traces.nsys.Place.OnThread;

/// Reads the calls into the CUDA runtime and driver.
final class ApiCalls {
    static final String TABLE = "CUPTI_ACTIVITY_KIND_RUNTIME";

    private static final long RUNTIME = 0;
    private static final long DRIVER = 1;
    /// A second row for a call, which holds its backtrace and starts and ends a little outside of it.
    private static final long BACKTRACE = 67;

    private final Collector collector;
    private final Map<Call, String> waits = new HashMap<>();

    /// A call by what links it to device work.
    record Call(long globalPid, long correlation) {}

    ApiCalls(Collector collector) {
        this.collector = collector;
    }

    void read() throws SQLException {
        EventChunk chunk = collector.chunk();
        NsysStrings strings = collector.strings();
        try (Rows rows = collector.events(TABLE, "eventClass", "globalTid", "correlationId", "nameId",
                "returnValue")) {
            while (collector.next(rows)) {
                long globalTid = rows.number("globalTid");
                long correlation = rows.number("correlationId");
                long nameId = rows.number("nameId");
                long eventClass = rows.number("eventClass", -1);
                if (eventClass == BACKTRACE) {
                    collector.note(Oddity.BACKTRACE_ROW);
                    int row = collector.add(chunk, rows, new OnThread(globalTid, HostRow.BACKTRACES, 0),
                            EventKind.OTHER, strings.callName(nameId), -1);
                    chunk.attribute(row, AttributeKey.BACKTRACE_OF, correlation);
                    continue;
                }
                int row = collector.add(chunk, rows, new OnThread(globalTid, HostRow.API, 0),
                        kind(eventClass, nameId), strings.callName(nameId), correlation);
                long returned = rows.number("returnValue");
                if (returned != 0) {
                    chunk.attribute(row, AttributeKey.RETURN_VALUE, returned);
                }
                noteWait(globalTid, correlation, nameId);
            }
        }
    }

    private EventKind kind(long eventClass, long nameId) {
        if (eventClass == RUNTIME) {
            return EventKind.RUNTIME_CALL;
        }
        if (eventClass == DRIVER) {
            return EventKind.DRIVER_CALL;
        }
        boolean runtime = collector.strings().text(nameId, absent -> absent).startsWith("cuda");
        return runtime ? EventKind.RUNTIME_CALL : EventKind.DRIVER_CALL;
    }

    private void noteWait(long globalTid, long correlation, long nameId) {
        String name = collector.strings().text(nameId, absent -> absent);
        if (name.contains("Synchronize") || name.contains("StreamWaitEvent")) {
            waits.put(new Call(GlobalId.process(globalTid), correlation), name);
        }
    }

    /// The name of the call that waited, where a call of that process and correlation id is one that waits.
    Optional<String> wait(long globalPid, long correlation) {
        return Optional.ofNullable(waits.get(new Call(globalPid, correlation)));
    }
}
