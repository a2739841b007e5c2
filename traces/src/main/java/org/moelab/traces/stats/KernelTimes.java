package org.moelab.traces.stats;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Trace;

/// Sums of device work by name: kernels, copies, fills, graphs.
///
/// In a time range, an event counts if it overlaps the range; its time within the range counts towards the total, and
/// its whole duration towards minimum, median, average, 99th percentile and maximum.
///
/// @param fromNs start of the range
/// @param toNs end of the range
/// @param rows one a kind and name, the longest total first; equal totals by name
public record KernelTimes(long fromNs, long toNs, List<Row> rows) {
    public KernelTimes {
        rows = List.copyOf(rows);
    }

    /// The device work of one kind and name.
    ///
    /// @param name as the recording names it
    /// @param kind what the events are
    /// @param calls how many there are
    /// @param totalNs their time within the range; work on several streams adds up
    /// @param minNs shortest duration
    /// @param medianNs middle duration, the mean of the middle two for an even number
    /// @param averageNs mean duration
    /// @param p99Ns 99th percentile of the durations, see [Sample#quantile]
    /// @param maxNs longest duration
    /// @param launchConfig the most frequent launch configuration; of equally frequent ones the first seen
    /// @param launchConfigs how many distinct ones there are, 0 where the recording tells none
    /// @param tracks the tracks that it ran on, by id
    /// @param longest the longest of the events: its index
    public record Row(String name, EventKind kind, int calls, long totalNs, long minNs, double medianNs,
            double averageNs, double p99Ns, long maxNs, Optional<LaunchConfig> launchConfig, int launchConfigs,
            List<Integer> tracks, int longest) {
        public Row {
            tracks = List.copyOf(tracks);
        }
    }

    private static final Comparator<Row> LONGEST_FIRST = Comparator.comparingLong(Row::totalNs).reversed()
            .thenComparing(Row::name);

    private record Key(int name, EventKind kind) {}

    /// The sums over a whole trace.
    public static KernelTimes of(Trace trace) {
        // the end is exclusive, and work of no duration may lie at the very end
        return of(trace, trace.startNs(), trace.endNs() + 1, () -> false);
    }

    /// The sums over a time range. Costs a pass over the device's events.
    ///
    /// @param fromNs inclusive
    /// @param toNs exclusive
    /// @param cancelled whether to stop; looked at once a track and once a row
    /// @throws java.util.concurrent.CancellationException where it says so
    public static KernelTimes of(Trace trace, long fromNs, long toNs, BooleanSupplier cancelled) {
        Map<Key, Group> groups = new HashMap<>();
        for (int track = 0; track < trace.tracks().size(); track++) {
            check(cancelled);
            for (int e = trace.trackBegin(track); e < trace.trackEnd(track); e++) {
                EventKind kind = trace.kind(e);
                if (kind.isDeviceWork() && overlaps(trace, e, fromNs, toNs)) {
                    groups.computeIfAbsent(new Key(trace.nameId(e), kind), _ -> new Group()).add(e);
                }
            }
        }
        Optional<Attribute> configs = trace.attribute(AttributeKey.LAUNCH_CONFIG);
        List<Row> rows = groups.entrySet().stream().map(g -> {
            check(cancelled);
            return g.getValue().row(trace, g.getKey(), fromNs, toNs, configs);
        }).sorted(LONGEST_FIRST).toList();
        return new KernelTimes(fromNs, toNs, rows);
    }

    /// The sums over the profiled kernels of a report. The time range is empty: a report tells durations, no times.
    /// A row's longest event is the kernel's index; kernels whose duration was not measured are left out.
    public static KernelTimes of(KernelReport report) {
        Map<String, List<ProfiledKernel>> byName = report.kernels().stream()
                .filter(k -> !Double.isNaN(report.durationNs(k)))
                .collect(Collectors.groupingBy(k -> k.name().display()));
        return new KernelTimes(0, 0, byName.entrySet().stream().map(e -> row(report, e.getKey(), e.getValue()))
                .sorted(LONGEST_FIRST).toList());
    }

    private static Row row(KernelReport report, String name, List<ProfiledKernel> kernels) {
        Sample durations = new Sample();
        kernels.forEach(k -> durations.add(report.durationNs(k)));
        ProfiledKernel longest = Collections.max(kernels, Comparator.comparingDouble(report::durationNs));
        return new Row(name, EventKind.KERNEL, kernels.size(), Math.round(durations.sum()),
                Math.round(durations.min()), durations.median(), durations.mean(), durations.quantile(0.99),
                Math.round(durations.max()), Optional.empty(), 0, List.of(), longest.index());
    }

    /// All time of the rows: the whole that shares refer to.
    public long totalNs() {
        return rows.stream().mapToLong(Row::totalNs).sum();
    }

    /// All events of the rows.
    public long calls() {
        return rows.stream().mapToLong(Row::calls).sum();
    }

    private static boolean overlaps(Trace trace, int e, long fromNs, long toNs) {
        long start = trace.start(e);
        return start < toNs && (trace.end(e) > fromNs || start >= fromNs);
    }

    private static void check(BooleanSupplier cancelled) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("cancelled");
        }
    }

    private static final class Group {
        private int[] events = new int[4];
        private int size;

        void add(int event) {
            if (size == events.length) {
                events = Arrays.copyOf(events, size * 2);
            }
            events[size++] = event;
        }

        Row row(Trace trace, Key key, long fromNs, long toNs, Optional<Attribute> configs) {
            Sample durations = new Sample();
            long inside = 0;
            int longest = events[0];
            for (int i = 0; i < size; i++) {
                int e = events[i];
                durations.add((double) trace.duration(e));
                inside += Math.min(trace.end(e), toNs) - Math.max(trace.start(e), fromNs);
                longest = trace.duration(e) > trace.duration(longest) ? e : longest;
            }
            Map<Integer, Integer> uses = configUses(configs);
            Optional<LaunchConfig> usual = uses.entrySet().stream()
                    .reduce((a, b) -> b.getValue() > a.getValue() ? b : a)
                    .map(use -> trace.launchConfigs().get(use.getKey()));
            List<Integer> tracks = IntStream.of(events).limit(size).map(trace::trackId).distinct().boxed().toList();
            return new Row(trace.strings().get(key.name), key.kind, size, inside, (long) durations.min(),
                    durations.median(), durations.mean(), durations.quantile(0.99), (long) durations.max(), usual,
                    uses.size(), tracks, longest);
        }

        private Map<Integer, Integer> configUses(Optional<Attribute> configs) {
            Map<Integer, Integer> uses = new LinkedHashMap<>();
            configs.ifPresent(column -> {
                for (int i = 0; i < size; i++) {
                    int position = column.find(events[i]);
                    if (position >= 0) {
                        uses.merge((int) column.longAt(position), 1, Integer::sum);
                    }
                }
            });
            return uses;
        }
    }
}
