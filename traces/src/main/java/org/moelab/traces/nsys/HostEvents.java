package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.nsys.Place.HostRow;
import org.moelab.traces.nsys.Place.OnThread;

/// Reads what host threads did beside CUDA and NVTX: calls into the operating system's libraries, the profiler's own
/// overhead, and every other table of timed calls (cuDNN, cuBLAS, MPI, OpenMP …), which all have the same shape.
final class HostEvents {
    static final String OS_RUNTIME = "OSRT_API";
    private static final Set<String> OVERHEADS = Set.of("PROFILER_OVERHEAD", "CUPTI_ACTIVITY_KIND_OVERHEAD");
    private static final List<String> OVERHEAD_TYPES = List.of("Overhead", "Overhead", "Driver JIT compiler",
            "CUPTI buffer flush", "CUPTI instrumentation", "CUPTI resource", "Runtime module loading",
            "Lazy function loading", "Command buffer full");

    private static final Map<String, String> TITLES = Map.of("CUDNN_EVENTS", "cuDNN", "CUBLAS_EVENTS", "cuBLAS",
            "CUDA_GRAPH_EVENTS", "CUDA graphs", "CUDA_GRAPH_NODE_EVENTS", "CUDA graph nodes", "SYSCALL",
            "System calls");

    private final Collector collector;

    HostEvents(Collector collector) {
        this.collector = collector;
    }

    /// The tables that [#read] reads.
    static List<String> tables(NsysDatabase database) {
        return database.tables().stream().filter(t -> !t.equals(ApiCalls.TABLE) && !t.equals(NvtxEvents.TABLE))
                .filter(t -> database.has(t, "start") && database.has(t, "end") && database.has(t, "globalTid"))
                .filter(t -> OVERHEADS.contains(t) || database.has(t, "nameId") || database.has(t, "textId")).toList();
    }

    void read() throws SQLException {
        for (String table : tables(collector.database())) {
            if (table.equals(OS_RUNTIME)) {
                read(table, HostRow.OS_RUNTIME, EventKind.OS_RUNTIME);
            } else if (OVERHEADS.contains(table)) {
                read(table, HostRow.OVERHEAD, EventKind.OVERHEAD);
            } else {
                read(table, HostRow.LIBRARY, EventKind.OTHER);
            }
        }
    }

    private void read(String table, HostRow row, EventKind kind) throws SQLException {
        EventChunk chunk = collector.chunk();
        long detail = row == HostRow.LIBRARY ? collector.database().tables().indexOf(table) : 0;
        try (Rows rows = collector.events(table, "globalTid", "nameId", "textId", "overheadType")) {
            while (collector.next(rows)) {
                collector.add(chunk, rows, new OnThread(rows.number("globalTid"), row, detail), kind, name(rows), -1);
            }
        }
    }

    private int name(Rows rows) throws SQLException {
        long id = rows.number("nameId", rows.number("textId", -1));
        if (id >= 0) {
            return collector.strings().name(id);
        }
        int type = rows.small("overheadType");
        return collector.strings().intern(
                type >= 0 && type < OVERHEAD_TYPES.size() ? OVERHEAD_TYPES.get(type) : "Overhead");
    }

    /// The title of a table's row: `MPI_P2P_EVENTS` is "MPI P2P".
    static String title(String table) {
        String known = TITLES.get(table);
        if (known != null) {
            return known;
        }
        String words = table.replace("CUPTI_ACTIVITY_KIND_", "").replaceAll("_(EVENTS?|API)$", "").replace('_', ' ')
                .strip();
        return words.isEmpty() ? table : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
