package org.moelab.traces.kineto;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.TraceBuilder;

/// Gathers samples into series: of counter events, one series for each member of their arguments, and the totals that
/// come with allocations, one series for each device.
final class Counters {
    private static final Set<String> IN_BYTES = Set.of("Total Allocated", "Total Reserved");

    private final Map<Key, Samples> series = new LinkedHashMap<>();

    /// @param member the argument's name, empty for a total of allocations
    private record Key(RowKey.Id pid, int device, String counter, String member) {
        boolean isTotal() {
            return member.isEmpty();
        }

        String title(boolean alone) {
            return isTotal() || alone || member.equals("value") ? counter : counter + ": " + member;
        }
    }

    private static final class Samples {
        private int size;
        private long[] time = new long[16];
        private double[] value = new double[16];

        void add(long timeNs, double sample) {
            if (size == time.length) {
                time = Arrays.copyOf(time, size * 2);
                value = Arrays.copyOf(value, size * 2);
            }
            time[size] = timeNs;
            value[size++] = sample;
        }
    }

    /// Takes over the samples of a block.
    void read(EventBlock block) {
        Points points = block.points();
        List<ThreadKey> threads = block.places().threads();
        for (int i = 0; i < points.size(); i++) {
            char phase = points.phase(i);
            if (phase == 'C' || phase == Points.TOTAL) {
                String counter = block.events().strings().get(points.name(i));
                String member = phase == Points.TOTAL ? "" : block.events().strings().get(points.category(i));
                series.computeIfAbsent(
                        new Key(threads.get(points.thread(i)).pid(), points.detail(i), counter, member),
                        _ -> new Samples()).add(points.time(i), Double.longBitsToDouble(points.value(i)));
            }
        }
    }

    /// Hands the series over, each on a track of its own.
    void build(TraceBuilder builder, Layout layout) {
        Map<List<Object>, Integer> members = new HashMap<>();
        series.keySet().forEach(key -> members.merge(List.of(key.pid, key.counter), 1, Integer::sum));
        series.forEach((key, samples) -> {
            boolean alone = members.getOrDefault(List.of(key.pid, key.counter), 0) == 1;
            String name = key.title(alone);
            builder.counter(toSeries(layout.counterTrack(key.pid, key.device, name), name,
                    IN_BYTES.contains(key.counter) ? "B" : "", samples));
        });
    }

    /// Sorts by time and keeps, of a row of equal values, the first and the last: the line drawn is the same.
    private static CounterSeries toSeries(int track, String name, String unit, Samples samples) {
        Integer[] order = new Integer[samples.size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(samples.time[a], samples.time[b]));
        long[] time = new long[samples.size];
        double[] value = new double[samples.size];
        int n = 0;
        for (int i = 0; i < order.length; i++) {
            double v = samples.value[order[i]];
            boolean inside = i > 0 && i + 1 < order.length && v == samples.value[order[i - 1]]
                    && v == samples.value[order[i + 1]];
            if (!inside) {
                time[n] = samples.time[order[i]];
                value[n++] = v;
            }
        }
        return new CounterSeries(track, name, unit, Arrays.copyOf(time, n), Arrays.copyOf(value, n));
    }
}
