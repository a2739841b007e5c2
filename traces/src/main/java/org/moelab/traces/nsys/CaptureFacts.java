package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.moelab.traces.model.TraceBuilder;

/// What a capture says of itself: versions, a few settings, and what the profiler complained of.
///
/// Settings are asked for by name: among them is the whole environment of the profiled program.
record CaptureFacts(String version, String schema, Map<String, String> properties) {
    private static final List<String> EXPORT_TABLES = List.of("META_DATA_EXPORT", "EXPORT_META_DATA");
    private static final Set<String> EXPORT_KEYS = Set.of("EXPORT_PRODUCT_NAME", "EXPORT_PRODUCT_VERSION",
            "EXPORT_SCHEMA_VERSION", "EXPORT_PLATFORM", "EXPORT_ARCH");
    private static final String GRAPH_MODE = "CUDA_GRAPH_TRACE_OPTIONS:MODE";
    private static final int SEVERITY_ERROR = 3;
    private static final int LONGEST_COMPLAINT = 300;

    /// Whether the tables are those of an Nsight Systems export, of any version and whichever of them are missing.
    static boolean isCapture(NsysDatabase database) {
        if (EXPORT_TABLES.stream().anyMatch(database::has)) {
            return true;
        }
        return !isNvprof(database) && database.tables().stream().anyMatch(table -> isCaptureTable(database, table));
    }

    private static boolean isCaptureTable(NsysDatabase database, String table) {
        boolean ofAThread = database.has(table, "globalTid") || database.has(table, "globalPid");
        return table.startsWith("CUPTI_ACTIVITY_KIND_") || table.startsWith("TARGET_INFO_")
                || table.equals(GpuMetrics.TABLE) || table.equals(HostEvents.OS_RUNTIME) || ofAThread;
    }

    /// Whether this is a database of nvprof, whose tables have the same names and other columns.
    static boolean isNvprof(NsysDatabase database) {
        return database.has("StringTable") && !database.has("StringIds");
    }

    static CaptureFacts read(NsysDatabase database) throws SQLException {
        Map<String, String> export = new HashMap<>();
        for (String table : EXPORT_TABLES) {
            try (Rows rows = database.scan(table, "name", "value")) {
                while (rows.next()) {
                    if (EXPORT_KEYS.contains(rows.text("name"))) {
                        export.put(rows.text("name"), rows.text("value"));
                    }
                }
            }
        }
        Map<String, String> properties = new LinkedHashMap<>();
        put(properties, "exported by", export.getOrDefault("EXPORT_PRODUCT_NAME", ""));
        put(properties, "platform", (export.getOrDefault("EXPORT_PLATFORM", "") + " "
                + export.getOrDefault("EXPORT_ARCH", "")).strip());
        if (database.has("META_DATA_CAPTURE", "name")) {
            try (Rows rows = database.query("META_DATA_CAPTURE", "name LIKE '%" + GRAPH_MODE + "'", "value")) {
                if (rows.next()) {
                    put(properties, "CUDA graphs", rows.text("value"));
                }
            }
        }
        try (Rows rows = database.scan("ANALYSIS_DETAILS", "duration")) {
            if (rows.next()) {
                put(properties, "capture duration (ns)", rows.text("duration"));
            }
        }
        return new CaptureFacts(export.getOrDefault("EXPORT_PRODUCT_VERSION", ""),
                export.getOrDefault("EXPORT_SCHEMA_VERSION", ""), properties);
    }

    private static void put(Map<String, String> properties, String name, String value) {
        if (!value.isEmpty()) {
            properties.put(name, value);
        }
    }

    /// Passes on what the profiler itself reported as an error, such as lost events.
    static void warnOfErrors(NsysDatabase database, TraceBuilder builder) throws SQLException {
        Map<String, Long> errors = new LinkedHashMap<>();
        try (Rows rows = database.scan("DIAGNOSTIC_EVENT", "severity", "text")) {
            while (rows.next()) {
                if (rows.small("severity") >= SEVERITY_ERROR) {
                    String line = rows.text("text").strip().replaceAll("\\s+", " ");
                    errors.merge(line.substring(0, Math.min(line.length(), LONGEST_COMPLAINT)), 1L, Long::sum);
                }
            }
        }
        errors.forEach((text, count) -> builder.warn("profiler-error", count,
                "the profiler reported" + (count > 1 ? " " + count + " times" : "") + ": " + text));
    }
}
