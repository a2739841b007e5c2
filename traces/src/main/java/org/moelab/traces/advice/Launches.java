package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

/// What launching costs: kernels shorter than their launch, and launches one by one where a graph would do.
final class Launches {
    /// Kernels shorter than this are mostly start and end: launching one takes the host about as long, and the device some
    /// µs to begin.
    static final long TINY_NS = 5_000;
    /// Fewer of all kernels do not shape a run.
    static final double TINY_SHARE = 0.10;
    /// Fewer launches are not worth a graph.
    static final int MANY = 100;
    /// Less idle time than this is within what repeats of a run differ by.
    static final double LEAST_SHARE = 0.01;

    private Launches() {
    }

    /// Kernels of less than [#TINY_NS] whose launch took the host longer than they ran.
    static List<Finding> tiny(Observed timeline) {
        Trace trace = timeline.trace();
        long kernels = 0;
        long tiny = 0;
        double deviceNs = 0;
        double hostNs = 0;
        Map<Integer, List<Integer>> byName = new HashMap<>();
        for (Observed.DeviceWork device : timeline.devices()) {
            for (int e : device.events()) {
                if (trace.kind(e) == EventKind.KERNEL) {
                    kernels++;
                    double launchNs = launchNs(trace, e);
                    if (trace.duration(e) < TINY_NS && launchNs > trace.duration(e)) {
                        tiny++;
                        deviceNs += trace.duration(e);
                        hostNs += launchNs;
                        byName.computeIfAbsent(trace.nameId(e), _ -> new ArrayList<>()).add(e);
                    }
                }
            }
        }
        if (tiny == 0 || tiny < TINY_SHARE * kernels) {
            return List.of();
        }
        List<Evidence> evidence = List.of(
                new Evidence("tiny kernels", tiny, Unit.COUNT,
                        "kernels under " + TINY_NS / 1000 + " µs whose launch took the host longer"),
                new Evidence("of all kernels", 100.0 * tiny / kernels, Unit.PERCENT, "tiny kernels ÷ kernels"),
                new Evidence("on the device", deviceNs, Unit.NANOSECONDS, "sum of their durations"),
                new Evidence("in their launches", hostNs, Unit.NANOSECONDS,
                        "sum of the launching calls; a call that launched several counts in parts"));
        return List.of(Finding.of("tiny-kernels", "Kernels shorter than their launch",
                "These kernels take the host longer to launch than the device to run. Fused into their neighbours they would"
                        + " cost neither; in a graph, no launch each. The bound is their time on the device; what their"
                        + " launches cost shows in gaps.",
                deviceNs, timeline.extentNs(), OptionalDouble.of(deviceNs), evidence,
                List.of("custom-fusion", "fused-add-norm", "fused-rope-kv", "fused-bias-swiglu", "cuda-graphs"),
                byName.values().stream().map(events -> tinyOfOneName(timeline, events)).toList()));
    }

    private static Occurrence tinyOfOneName(Observed timeline, List<Integer> events) {
        long ns = events.stream().mapToLong(timeline.trace()::duration).sum();
        return new Occurrence(Unit.counted(events.size(), "call") + " of " + timeline.label(events.getFirst()) + ", "
                + Unit.NANOSECONDS.format(ns), ns, new Place.Event(events.getFirst()));
    }

    /// NaN where the launch was not recorded.
    private static double launchNs(Trace trace, int event) {
        int call = trace.link(event);
        return call < 0 ? Double.NaN : (double) trace.duration(call) / trace.launchedCount(call);
    }

    /// Many kernels launched one by one, where the device then waited for the host.
    static List<Finding> single(Observed timeline) {
        Trace trace = timeline.trace();
        Optional<Attribute> nodes = trace.attribute(AttributeKey.GRAPH_NODE);
        long single = 0;
        long inGraphs = 0;
        double hostNs = 0;
        for (Observed.DeviceWork device : timeline.devices()) {
            for (int e : device.events()) {
                if (isSingle(trace, e, nodes)) {
                    single++;
                    hostNs += launchNs(trace, e);
                } else if (trace.kind(e) == EventKind.KERNEL || trace.kind(e) == EventKind.GRAPH) {
                    inGraphs++;
                }
            }
        }
        List<Gap> gaps = timeline.gaps().stream()
                .filter(g -> g.cause() == Gap.Cause.LATE && g.freeNs() > 0 && isSingle(trace, g.next(), nodes))
                .toList();
        double idle = gaps.stream().mapToDouble(Gap::freeNs).sum();
        if (single < MANY || idle < LEAST_SHARE * timeline.extentNs()) {
            return List.of();
        }
        List<Evidence> evidence = List.of(
                new Evidence("launched one by one", single, Unit.COUNT, "kernels with a launching call of their own"),
                new Evidence("launched by graphs", inGraphs, Unit.COUNT,
                        "kernels that share a launching call or are nodes of a graph, and whole graphs"),
                new Evidence("in these launches", hostNs, Unit.NANOSECONDS, "sum of the launching calls"),
                new Evidence("mean launch", hostNs / single, Unit.NANOSECONDS,
                        "in these launches ÷ launched one by one"),
                new Evidence("idle before them", idle, Unit.NANOSECONDS,
                        "idle time of the device that ends with a kernel that was launched late and alone"));
        return List.of(Finding.of("launches-without-graphs", "Many launches without a graph",
                "Each of these kernels has a launch of its own, and the device waited for some of them. A graph launches a"
                        + " whole step with one call. The bound is a part of the time that late launches cost.",
                idle, timeline.extentNs(), OptionalDouble.of(idle), evidence,
                List.of("cuda-graphs", "custom-fusion", "persistent-kernels"),
                gaps.stream().map(g -> new Occurrence(
                        Unit.NANOSECONDS.format(g.freeNs()) + " before " + timeline.label(g.next()), g.freeNs(),
                        new Place.Span(g.next(), g.fromNs(), g.toNs()))).toList()));
    }

    private static boolean isSingle(Trace trace, int event, Optional<Attribute> nodes) {
        return trace.kind(event) == EventKind.KERNEL && trace.link(event) >= 0
                && nodes.filter(n -> n.has(event)).isEmpty()
                && trace.launchedCount(trace.link(event)) == 1;
    }
}
