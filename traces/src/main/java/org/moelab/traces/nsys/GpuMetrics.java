package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Reads the sampled GPU metrics as counters.
final class GpuMetrics {
    static final String TABLE = "GPU_METRICS";

    private final Collector collector;
    private final Map<Metric, Samples> series = new TreeMap<>();
    private final Map<Metric, String> names = new HashMap<>();

    /// A metric of a GPU. The low 8 bits of the type are the GPU's id.
    private record Metric(long type, long id) implements Comparable<Metric> {
        int gpu() {
            return (int) (type & 0xFF);
        }

        @Override
        public int compareTo(Metric other) {
            return type == other.type ? Long.compare(id, other.id) : Long.compare(type, other.type);
        }
    }

    GpuMetrics(Collector collector) {
        this.collector = collector;
    }

    void read() throws SQLException {
        NsysDatabase database = collector.database();
        try (Rows rows = database.scan("TARGET_INFO_GPU_METRICS", "typeId", "metricId", "metricName")) {
            while (rows.next()) {
                names.put(new Metric(rows.number("typeId"), rows.number("metricId")), rows.text("metricName"));
            }
        }
        try (Rows rows = database.scan(TABLE, "timestamp", "typeId", "metricId", "value")) {
            while (collector.next(rows, "timestamp")) {
                series.computeIfAbsent(new Metric(rows.number("typeId"), rows.number("metricId")), _ -> new Samples())
                        .add(rows.number("timestamp"), rows.real("value"));
            }
        }
    }

    void addCounters(TrackTree tree) {
        int order = 1000;
        for (Map.Entry<Metric, Samples> entry : series.entrySet()) {
            for (int i = entry.getValue().sortByTime(); i > 0; i--) {
                collector.note(Oddity.UNSORTED_SAMPLES);
            }
            Metric metric = entry.getKey();
            String full = names.getOrDefault(metric, "Metric " + metric.id);
            int bracket = full.endsWith("]") ? full.lastIndexOf('[') : -1;
            String name = bracket < 0 ? full : full.substring(0, bracket).strip();
            String unit = bracket < 0 ? "" : unit(full.substring(bracket + 1, full.length() - 1));
            // several metrics differ only in the unit
            int track = tree.counter(metric.gpu(), full, order++);
            collector.builder().counter(entry.getValue().series(track, name, unit));
        }
    }

    /// The unit of the stored values: percentages are plain, and frequencies are stored in Hz whatever the name says.
    private static String unit(String label) {
        return switch (label) {
            case "MHz" -> "Hz";
            case "Throughput %" -> "%";
            default -> label;
        };
    }
}
