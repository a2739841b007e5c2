package org.moelab.traces.nsys;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Trace;

/// Reads the row of an event again, with all its columns; ids become the strings and labels that they stand for.
final class RowDetails {
    /// The statement that made a table says in clauses or comments what a column refers to.
    private static final Pattern REFERENCE = Pattern
            .compile("(?m)^\\s*\"?(\\w+)\"?\\s[^\\n]*REFERENCES\\s+(StringIds|ENUM_\\w+)\\s*\\(id\\)");
    /// Columns that refer to strings also where the oldest exporters do not say so.
    private static final Set<String> STRING_COLUMNS = Set.of("demangledName", "shortName", "mangledName", "nameId",
            "textId", "jsonTextId");
    private static final Map<String, String> CALL_CHAINS = Map.of(ApiCalls.TABLE, "CUDA_CALLCHAINS",
            HostEvents.OS_RUNTIME, "OSRT_CALLCHAINS");
    private static final int DEEPEST_CHAIN = 64;

    private final NsysDatabase database;
    private final String table;
    private final SequencedMap<String, String> details = new LinkedHashMap<>();

    private RowDetails(NsysDatabase database, String table) {
        this.database = database;
        this.table = table;
    }

    /// The details of an event, or of the range that it was projected from.
    static SequencedMap<String, String> of(Trace trace, int event, Supplier<Optional<NsysTool>> nsys)
            throws TraceReadException {
        int recorded = trace.origin(event) < 0 ? event : trace.origin(event);
        Path file = trace.file(event);
        SourceRow source = SourceRow.of(trace.source(recorded));
        return KeptCopy.with(file, nsys, plain -> read(file, plain, source, trace.start(recorded)));
    }

    private static SequencedMap<String, String> read(Path file, Path plain, SourceRow source, long startNs)
            throws TraceReadException {
        try (NsysDatabase database = NsysDatabase.open(file, plain)) {
            if (source.table() < database.tables().size()) {
                RowDetails reader = new RowDetails(database, database.tables().get(source.table()));
                if (reader.read(source.rowid(), startNs)) {
                    return reader.details;
                }
            }
            throw new TraceReadException(file, "has changed since it was read: open it again");
        } catch (SQLException e) {
            throw new TraceReadException(file, "the database cannot be read: " + NsysDatabase.reason(e), e);
        }
    }

    private boolean read(long rowid, long startNs) throws SQLException {
        Map<String, String> references = references();
        List<String> columns = database.columns(table);
        try (Rows rows = database.query(table, "rowid = " + rowid, columns.toArray(String[]::new))) {
            if (!rows.next() || columns.contains("start") && rows.number("start") != startNs) {
                return false;
            }
            details.put("table", table);
            for (String column : columns) {
                if (!rows.isNull(column)) {
                    details.put(column, describe(rows, column, references));
                }
            }
            if (columns.contains("callchainId")) {
                callChain(rows.number("callchainId"));
            }
        }
        return true;
    }

    private String describe(Rows rows, String column, Map<String, String> references) throws SQLException {
        Object value = rows.value(column).orElse("");
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes";
        }
        if (column.equals("globalTid") || column.equals("endGlobalTid")) {
            long id = rows.number(column);
            return "process " + GlobalId.pid(id) + ", thread " + GlobalId.tid(id);
        }
        if (column.equals("globalPid")) {
            return "process " + GlobalId.pid(rows.number(column));
        }
        String target = references.get(column);
        return target == null ? value.toString() : lookUp(target, rows.number(column), value.toString());
    }

    private Map<String, String> references() throws SQLException {
        Map<String, String> references = new HashMap<>();
        STRING_COLUMNS.forEach(column -> references.put(column, "StringIds"));
        Matcher matcher = REFERENCE.matcher(database.definition(table));
        while (matcher.find()) {
            references.put(matcher.group(1), matcher.group(2));
        }
        return references;
    }

    private String lookUp(String target, long id, String plain) throws SQLException {
        String text = target.equals("StringIds") ? "value" : "label";
        if (!database.has(target, "id") || !database.has(target, text)) {
            return plain;
        }
        try (Rows rows = database.query(target, "id = " + id, text)) {
            return rows.next() ? rows.text(text) : plain;
        }
    }

    private void callChain(long id) throws SQLException {
        String chains = CALL_CHAINS.getOrDefault(table, "");
        if (!database.has(chains, "symbol") || !database.has(chains, "stackDepth")) {
            return;
        }
        List<String> frames = new ArrayList<>();
        try (Rows rows = database.query(chains, "id = " + id + " ORDER BY stackDepth LIMIT " + DEEPEST_CHAIN,
                "symbol")) {
            while (rows.next()) {
                frames.add(lookUp("StringIds", rows.number("symbol"), rows.text("symbol")));
            }
        }
        if (!frames.isEmpty()) {
            details.put("call chain", String.join("\n", frames));
        }
    }
}
