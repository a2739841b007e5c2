package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CopyKind;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.nsys.Place.DeviceRow;
import org.moelab.traces.nsys.Place.OnDevice;

/// Reads what ran on devices: kernels, copies, fills, whole graphs, and waits.
final class DeviceWork {
    static final String KERNELS = "CUPTI_ACTIVITY_KIND_KERNEL";
    static final String COPIES = "CUPTI_ACTIVITY_KIND_MEMCPY";
    static final String FILLS = "CUPTI_ACTIVITY_KIND_MEMSET";
    static final String GRAPHS = "CUPTI_ACTIVITY_KIND_GRAPH_TRACE";
    static final String WAITS = "CUPTI_ACTIVITY_KIND_SYNCHRONIZATION";

    /// What a stream id of -1 looks like as an unsigned 32-bit number: the whole context is meant.
    private static final long NO_STREAM = 0xFFFF_FFFFL;

    private final Collector collector;
    private final Targets targets;
    private final ApiCalls calls;
    private final Map<Context, Integer> deviceOfContext = new HashMap<>();

    private record Context(long globalPid, long id) {}

    DeviceWork(Collector collector, Targets targets, ApiCalls calls) {
        this.collector = collector;
        this.targets = targets;
        this.calls = calls;
    }

    void read() throws SQLException {
        kernels();
        copies();
        fills();
        graphs();
        waits();
    }

    private void kernels() throws SQLException {
        EventChunk chunk = collector.chunk();
        try (Rows rows = scan(KERNELS, "demangledName", "shortName", "mangledName", "gridX", "gridY", "gridZ",
                "blockX", "blockY", "blockZ", "registersPerThread", "staticSharedMemory", "dynamicSharedMemory",
                "graphNodeId")) {
            while (collector.next(rows)) {
                int row = add(chunk, rows, DeviceRow.STREAM, EventKind.KERNEL, kernelName(rows));
                LaunchConfig config = new LaunchConfig(rows.small("gridX"), rows.small("gridY"), rows.small("gridZ"),
                        rows.small("blockX"), rows.small("blockY"), rows.small("blockZ"),
                        rows.small("registersPerThread"), rows.small("staticSharedMemory"),
                        rows.small("dynamicSharedMemory"));
                chunk.attribute(row, AttributeKey.LAUNCH_CONFIG, collector.builder().launchConfig(config));
                graphNode(chunk, row, rows);
            }
        }
    }

    private int kernelName(Rows rows) throws SQLException {
        for (String column : List.of("demangledName", "shortName", "mangledName")) {
            long id = rows.number(column, -1);
            if (id >= 0) {
                return collector.strings().name(id);
            }
        }
        return collector.strings().intern("(kernel)");
    }

    private void copies() throws SQLException {
        EventChunk chunk = collector.chunk();
        try (Rows rows = scan(COPIES, "bytes", "copyKind", "graphNodeId")) {
            while (collector.next(rows)) {
                long kind = rows.number("copyKind");
                CopyKind copy = CopyKind.of(kind);
                DeviceRow place = copy.isUnified() ? DeviceRow.UNIFIED_MEMORY : DeviceRow.STREAM;
                int row = add(chunk, rows, place, EventKind.MEMCPY, collector.strings().intern(copy.title()));
                chunk.attribute(row, AttributeKey.COPY_KIND, kind);
                bytes(chunk, row, rows);
                graphNode(chunk, row, rows);
            }
        }
    }

    private void fills() throws SQLException {
        EventChunk chunk = collector.chunk();
        int name = collector.strings().intern("Memset");
        try (Rows rows = scan(FILLS, "bytes", "graphNodeId")) {
            while (collector.next(rows)) {
                int row = add(chunk, rows, DeviceRow.STREAM, EventKind.MEMSET, name);
                bytes(chunk, row, rows);
                graphNode(chunk, row, rows);
            }
        }
    }

    private void graphs() throws SQLException {
        EventChunk chunk = collector.chunk();
        try (Rows rows = scan(GRAPHS, "graphId")) {
            while (collector.next(rows)) {
                add(chunk, rows, DeviceRow.STREAM, EventKind.GRAPH,
                        collector.strings().intern("CUDA graph " + rows.number("graphId")));
            }
        }
    }

    private void waits() throws SQLException {
        EventChunk chunk = collector.chunk();
        try (Rows rows = scan(WAITS, "syncType")) {
            while (collector.next(rows)) {
                String call = calls.wait(rows.number("globalPid"), rows.number("correlationId")).orElse("");
                add(chunk, rows, DeviceRow.SYNCHRONIZATION, EventKind.SYNCHRONIZATION,
                        collector.strings().intern(waitTitle(call, rows.number("syncType"))));
            }
        }
    }

    /// What was waited for. The call tells it: the numbers in the database changed their meaning between versions
    /// (a device synchronisation is type 1 in 2020 to 2024 and type 4 in 2026), although its own key says otherwise.
    private static String waitTitle(String call, long syncType) {
        if (call.contains("StreamWaitEvent")) {
            return "Stream wait";
        }
        if (call.contains("EventSynchronize")) {
            return "Event synchronize";
        }
        if (call.contains("StreamSynchronize")) {
            return "Stream synchronize";
        }
        if (call.contains("DeviceSynchronize") || call.contains("CtxSynchronize")) {
            return "Context synchronize";
        }
        return "Synchronization of type " + syncType;
    }

    private Rows scan(String table, String... own) throws SQLException {
        List<String> columns = new ArrayList<>(
                List.of("deviceId", "contextId", "streamId", "correlationId", "globalPid"));
        columns.addAll(List.of(own));
        return collector.events(table, columns.toArray(String[]::new));
    }

    private int add(EventChunk chunk, Rows rows, DeviceRow row, EventKind kind, int name) throws SQLException {
        long globalPid = rows.number("globalPid");
        long context = rows.number("contextId");
        int device = device(row, globalPid, context, rows.small("deviceId"));
        OnDevice place = switch (row) {
            case STREAM -> new OnDevice(globalPid, device, context, stream(rows.number("streamId")), row);
            case UNIFIED_MEMORY, SYNCHRONIZATION, MEMORY -> new OnDevice(globalPid, device, -1, -1, row);
        };
        return collector.add(chunk, rows, place, kind, name, rows.number("correlationId"));
    }

    /// The GPU of a row. Waits are recorded with device 0 whatever their context's device is: that of its work counts.
    private int device(DeviceRow row, long globalPid, long context, int recorded) {
        Context key = new Context(globalPid, context);
        if (row == DeviceRow.SYNCHRONIZATION && deviceOfContext.containsKey(key)) {
            return deviceOfContext.get(key);
        }
        int device = targets.gpu(globalPid, recorded);
        if (row == DeviceRow.STREAM) {
            deviceOfContext.putIfAbsent(key, device);
        }
        return device;
    }

    private static long stream(long id) {
        return id == NO_STREAM ? -1 : id;
    }

    private static void bytes(EventChunk chunk, int row, Rows rows) throws SQLException {
        long bytes = rows.number("bytes", -1);
        if (bytes >= 0) {
            chunk.attribute(row, AttributeKey.BYTES, bytes);
        }
    }

    private static void graphNode(EventChunk chunk, int row, Rows rows) throws SQLException {
        long node = rows.number("graphNodeId", -1);
        if (node >= 0) {
            chunk.attribute(row, AttributeKey.GRAPH_NODE, node);
        }
    }
}
