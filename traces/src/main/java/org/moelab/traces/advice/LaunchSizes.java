package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

import org.moelab.traces.advice.Observed.DeviceWork;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

/// What the sizes of launches tell: grids too small for the device, and blocks of which few fit. Both need the device's sizes
/// from the recording.
final class LaunchSizes {
    /// Less is within what repeats of a run differ by.
    static final double LEAST_SHARE = 0.01;
    /// With fewer warps resident than a quarter of what a multiprocessor holds, four schedulers have at most four each to
    /// choose from (of 16), and memory latency shows unless the kernel hides it itself.
    static final double LOW_OCCUPANCY = 0.25;

    private LaunchSizes() {
    }

    /// Launches of one name.
    private static final class Group {
        private final int longest;
        private final double value;
        private long ns;
        private double boundNs;
        private int calls;

        Group(int longest, double value) {
            this.longest = longest;
            this.value = value;
        }
    }

    /// Kernels with fewer blocks than multiprocessors that had the device to themselves.
    static List<Finding> fewBlocks(Observed timeline) {
        Trace trace = timeline.trace();
        Map<String, Group> groups = new HashMap<>();
        for (DeviceWork device : timeline.devices()) {
            Optional<MultiprocessorLimits> limits = device.info().flatMap(MultiprocessorLimits::of);
            if (limits.isEmpty()) {
                continue;
            }
            int[] events = device.events();
            long covered = Long.MIN_VALUE;
            for (int i = 0; i < events.length; i++) {
                int e = events[i];
                boolean alone = trace.start(e) >= covered
                        && (i + 1 == events.length || trace.start(events[i + 1]) >= trace.end(e));
                covered = Math.max(covered, trace.end(e));
                Optional<LaunchConfig> config = alone && trace.kind(e) == EventKind.KERNEL
                        ? trace.launchConfig(e)
                        : Optional.empty();
                long blocks = config.map(LaunchConfig::blocks).orElse(0L);
                int count = limits.get().multiprocessors();
                if (blocks > 0 && blocks < count) {
                    add(groups, timeline, e, (double) blocks, 1 - (double) blocks / count);
                }
            }
        }
        return finding(timeline, groups, "few-blocks", "Grids smaller than the device",
                "These kernels ran alone with fewer blocks than the device has multiprocessors, so that some did nothing. The"
                        + " bound spreads their time over all multiprocessors; work that cannot be cut finer gains less.",
                blocks -> Unit.counted(Math.round(blocks), "block"),
                List.of("architecture-sizing", "launch-sizing", "streams", "custom-fusion"));
    }

    /// Kernels of which registers, shared memory or threads let few warps be resident.
    static List<Finding> lowOccupancy(Observed timeline) {
        Trace trace = timeline.trace();
        Map<String, Group> groups = new HashMap<>();
        for (DeviceWork device : timeline.devices()) {
            Optional<MultiprocessorLimits> limits = device.info().flatMap(MultiprocessorLimits::of);
            if (limits.isEmpty()) {
                continue;
            }
            for (int e : device.events()) {
                Optional<LaunchConfig> config = trace.kind(e) == EventKind.KERNEL
                        ? trace.launchConfig(e)
                        : Optional.empty();
                double occupancy = config.map(limits.get()::occupancy).orElse(Double.NaN);
                // with fewer blocks than would fit the grid limits, not the block
                if (occupancy < LOW_OCCUPANCY && config.get().blocks() >= limits.get().resident(config.get())) {
                    add(groups, timeline, e, occupancy * 100, Double.NaN);
                }
            }
        }
        return finding(timeline, groups, "low-occupancy", "Few warps resident by registers or shared memory",
                "By their launch these kernels have less than a quarter of the warps resident that a multiprocessor holds."
                        + " That costs time only where memory latency shows: kernels on tensor cores with pipelines of their"
                        + " own are made so. Profile them before changing anything.",
                occupancy -> "occupancy " + Unit.PERCENT.format(occupancy),
                List.of("occupancy", "register-pressure", "launch-sizing", "latency-hiding")).stream()
                .map(f -> f.atMost(Severity.LOW)).toList();
    }

    private static void add(Map<String, Group> groups, Observed timeline, int event, double value, double lost) {
        Trace trace = timeline.trace();
        Group group = groups.computeIfAbsent(trace.name(event) + " " + value, _ -> new Group(event, value));
        group.ns += trace.duration(event);
        group.boundNs += (double) trace.duration(event) * lost;
        group.calls++;
    }

    private static List<Finding> finding(Observed timeline, Map<String, Group> groups, String rule, String title,
            String explanation, DoubleFunction<String> figure, List<String> techniques) {
        double ns = groups.values().stream().mapToDouble(g -> g.ns).sum();
        if (ns == 0 || ns < LEAST_SHARE * timeline.extentNs()) {
            return List.of();
        }
        double bound = groups.values().stream().mapToDouble(g -> g.boundNs).sum();
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(new Evidence("calls", groups.values().stream().mapToInt(g -> g.calls).sum(), Unit.COUNT,
                "launches of this kind"));
        evidence.add(new Evidence("time", ns, Unit.NANOSECONDS, "sum of their durations"));
        List<Occurrence> occurrences = groups.values().stream()
                .map(g -> new Occurrence(
                        timeline.label(g.longest) + ": " + figure.apply(g.value) + ", " + Unit.counted(g.calls, "call")
                                + ", " + Unit.NANOSECONDS.format(g.ns),
                        g.ns, new Place.Event(g.longest)))
                .toList();
        return List.of(Finding.of(rule, title, explanation, ns, timeline.extentNs(),
                Double.isNaN(bound) ? OptionalDouble.empty() : OptionalDouble.of(bound), evidence, techniques,
                occurrences));
    }
}
