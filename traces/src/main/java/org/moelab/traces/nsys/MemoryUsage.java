package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.nsys.Place.DeviceRow;
import org.moelab.traces.nsys.Place.OnDevice;

/// Reads allocations and releases of CUDA memory, and sums them up over time.
final class MemoryUsage {
    static final String TABLE = "CUDA_GPU_MEMORY_USAGE_EVENTS";

    private static final List<String> KINDS = List.of("pageable", "pinned", "device", "array", "managed",
            "device static", "managed static", "other");
    private static final long RELEASE = 1;

    private final Collector collector;
    private final Targets targets;
    private final Map<Kind, Samples> inUse = new LinkedHashMap<>();

    /// A sort of memory of a device.
    private record Kind(int device, String name) {}

    MemoryUsage(Collector collector, Targets targets) {
        this.collector = collector;
        this.targets = targets;
    }

    void read() throws SQLException {
        EventChunk chunk = collector.chunk();
        try (Rows rows = collector.events(TABLE, "globalPid", "deviceId", "bytes", "memKind", "memoryOperationType",
                "correlationId")) {
            while (collector.next(rows)) {
                int device = targets.gpu(rows.number("globalPid"), rows.small("deviceId"));
                String kind = KINDS.get((int) Math.clamp(rows.number("memKind"), 0L, KINDS.size() - 1L));
                boolean release = rows.number("memoryOperationType") == RELEASE;
                long bytes = rows.number("bytes");
                int name = collector.strings().intern((release ? "Release " : "Allocate ") + kind + " memory");
                int row = collector.add(chunk, rows,
                        new OnDevice(rows.number("globalPid"), device, -1, -1, DeviceRow.MEMORY), EventKind.MEMORY,
                        name, rows.number("correlationId"));
                chunk.attribute(row, AttributeKey.BYTES, bytes);
                inUse.computeIfAbsent(new Kind(device, kind), _ -> new Samples()).add(rows.number("start"),
                        (double) (release ? -bytes : bytes));
            }
        }
    }

    /// Adds a counter for each sort of memory: the bytes allocated since the capture began.
    void addCounters(TrackTree tree) {
        int order = 0;
        for (Map.Entry<Kind, Samples> entry : inUse.entrySet()) {
            String name = "Allocated " + entry.getKey().name + " memory";
            Samples samples = entry.getValue();
            samples.sortByTime();
            samples.accumulate();
            collector.builder().counter(samples.series(tree.counter(entry.getKey().device, name, order++), name, "B"));
        }
    }
}
