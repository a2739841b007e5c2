package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.nsys.Place.HostRow;
import org.moelab.traces.nsys.Place.OnThread;

/// Reads NVTX ranges, marks and names.
final class NvtxEvents {
    static final String TABLE = "NVTX_EVENTS";

    private static final int CATEGORY_NAME = 33;
    private static final int MARK = 34;
    private static final int THREAD_NAME = 39;
    private static final int PUSH_POP = 59;
    private static final int START_END = 60;
    private static final int TEXT_CATEGORY = 64;
    private static final int TEXT_MARK = 65;
    private static final int TEXT_PUSH_POP = 70;
    private static final int TEXT_START_END = 71;
    private static final int DOMAIN_CREATED = 75;
    private static final int DOMAIN_DESTROYED = 76;
    private static final int DEVICE_NAME = 97;
    private static final int CONTEXT_NAME = 98;
    private static final int STREAM_NAME = 99;

    private final Collector collector;
    private final Map<Domain, String> domains = new HashMap<>();
    private final Map<Long, String> threadNames = new HashMap<>();
    private long lastNs = Long.MIN_VALUE;

    /// A domain: the ids are a process's own.
    record Domain(long globalPid, long id) {}

    /// A range that has not ended when its row is read: it lasts to the last NVTX event.
    private record Open(long source, Place place, EventKind kind, long startNs, int name) {}

    NvtxEvents(Collector collector) {
        this.collector = collector;
    }

    void read() throws SQLException {
        EventChunk chunk = collector.chunk();
        List<Open> open = new ArrayList<>();
        try (Rows rows = collector.events(TABLE, "eventType", "globalTid", "domainId", "text", "textId",
                "endGlobalTid")) {
            while (collector.next(rows)) {
                lastNs = Math.max(lastNs, Math.max(rows.number("start"), rows.number("end", Long.MIN_VALUE)));
                readRow(chunk, rows, open);
            }
        }
        for (Open range : open) {
            collector.note(Oddity.NO_END);
            chunk.add(collector.number(range.place), range.kind, range.startNs, lastNs - range.startNs, range.name, -1,
                    range.source);
        }
        nameDomains(chunk);
    }

    private void readRow(EventChunk chunk, Rows rows, List<Open> open) throws SQLException {
        switch (rows.small("eventType")) {
            case PUSH_POP, TEXT_PUSH_POP -> range(chunk, rows, HostRow.RANGES, EventKind.RANGE, open);
            case START_END, TEXT_START_END ->
                range(chunk, rows, HostRow.START_END_RANGES, EventKind.START_END_RANGE, open);
            case MARK, TEXT_MARK -> collector.add(chunk, rows, place(rows, HostRow.RANGES), EventKind.MARK,
                    name(rows), -1);
            case DOMAIN_CREATED ->
                domains.putIfAbsent(new Domain(GlobalId.process(rows.number("globalTid")), rows.number("domainId")),
                        text(rows));
            case THREAD_NAME -> threadNames.put(rows.number("globalTid"), text(rows));
            case CATEGORY_NAME, TEXT_CATEGORY, DOMAIN_DESTROYED, DEVICE_NAME, CONTEXT_NAME, STREAM_NAME -> {
                // names of things that the timeline has no room for
            }
            default -> collector.note(Oddity.UNKNOWN_NVTX);
        }
    }

    private void range(EventChunk chunk, Rows rows, HostRow row, EventKind kind, List<Open> open) throws SQLException {
        Place place = place(rows, row);
        int name = name(rows);
        if (rows.isNull("end")) {
            open.add(new Open(collector.source(rows), place, kind, rows.number("start"), name));
            return;
        }
        int added = collector.add(chunk, rows, place, kind, name, -1);
        long endGlobalTid = rows.number("endGlobalTid");
        if (kind == EventKind.START_END_RANGE && endGlobalTid != 0 && endGlobalTid != rows.number("globalTid")) {
            collector.note(Oddity.ENDS_ELSEWHERE);
            chunk.attribute(added, AttributeKey.END_THREAD, GlobalId.tid(endGlobalTid));
        }
    }

    private static Place place(Rows rows, HostRow row) throws SQLException {
        return new OnThread(rows.number("globalTid"), row, rows.number("domainId"));
    }

    /// A registered string goes before the text of the row itself, as in `nsys stats`.
    private int name(Rows rows) throws SQLException {
        long id = rows.number("textId", -1);
        return collector.strings().has(id)
                ? collector.strings().name(id)
                : collector.strings().intern(rows.text("text"));
    }

    private String text(Rows rows) throws SQLException {
        String own = rows.text("text");
        return collector.strings().text(rows.number("textId", -1), _ -> own);
    }

    /// Domains may be named after their first ranges: the attribute is set when all rows are read.
    private void nameDomains(EventChunk chunk) {
        List<Place> places = collector.places();
        Map<Integer, Integer> names = new HashMap<>();
        for (int row = 0; row < chunk.size(); row++) {
            int name = names.computeIfAbsent(chunk.track(row), number -> places.get(number) instanceof OnThread thread
                    ? domain(thread).map(collector.strings()::intern).orElse(0)
                    : 0);
            if (name != 0) {
                chunk.attribute(row, AttributeKey.DOMAIN, name);
            }
        }
    }

    /// The name of a row's domain; empty for the default one and for one that was never named.
    Optional<String> domain(OnThread row) {
        return Optional.ofNullable(domains.get(new Domain(GlobalId.process(row.globalTid()), row.detail())));
    }

    /// The name that the program gave a thread.
    Optional<String> threadName(long globalTid) {
        return Optional.ofNullable(threadNames.get(globalTid));
    }
}
