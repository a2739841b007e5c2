package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.moelab.traces.advice.Observed.DeviceWork;
import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CopyKind;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

/// Copies between host and device: those that are synchronous or of pageable memory, and those with no kernel beside them.
final class HostCopies {
    /// Less is within what repeats of a run differ by.
    static final double LEAST_SHARE = 0.01;
    /// Copies that hide less than this behind kernels are poorly overlapped: half of what there was to win is lost.
    static final double POOR_OVERLAP = 0.5;

    private HostCopies() {
    }

    /// Copies that make the host wait, by the call that launched them, or that go through a buffer of the driver's, because
    /// the host's memory is pageable.
    static List<Finding> synchronous(Observed timeline) {
        Trace trace = timeline.trace();
        List<Occurrence> found = new ArrayList<>();
        double total = 0;
        double alone = 0;
        int pageable = 0;
        double bytes = 0;
        for (DeviceWork device : timeline.devices()) {
            Intervals slow = Intervals.union(trace, device.events(), e -> isSlow(trace, e));
            alone += slow.length()
                    - slow.overlap(Intervals.union(trace, device.events(), e -> !isSlow(trace, e)));
            for (int e : device.events()) {
                if (isSlow(trace, e)) {
                    total += trace.duration(e);
                    pageable += isPageable(trace, e) ? 1 : 0;
                    bytes += bytes(trace, e);
                    found.add(occurrence(trace, e));
                }
            }
        }
        if (total == 0 || total < LEAST_SHARE * timeline.extentNs()) {
            return List.of();
        }
        List<Evidence> evidence = List.of(
                new Evidence("copies", found.size(), Unit.COUNT,
                        "between host and device, launched by a call that waits or of pageable memory"),
                new Evidence("of pageable memory", pageable, Unit.COUNT, "those whose name says Pageable"),
                new Evidence("time", total, Unit.NANOSECONDS, "sum of their durations on the device"),
                new Evidence("moved", bytes, Unit.BYTES, "sum of their bytes, where the recording tells them"),
                new Evidence("rate", bytes / total * 1e9, Unit.BYTES_PER_SECOND, "moved ÷ time"));
        return List.of(Finding.of("synchronous-copies", "Synchronous or pageable copies",
                "The host waits for such a copy, and one of pageable memory passes through a buffer of the driver's. From"
                        + " pinned memory an asynchronous copy runs beside kernels. The bound is the time in which these"
                        + " copies had the device to themselves.",
                total, timeline.extentNs(), OptionalDouble.of(alone), evidence,
                List.of("pinned-memory", "async-copies", "streams"), found));
    }

    /// Copies between host and device with no kernel beside them.
    static List<Finding> exposed(Observed timeline) {
        Trace trace = timeline.trace();
        double total = 0;
        double hidden = 0;
        List<Occurrence> found = new ArrayList<>();
        for (DeviceWork device : timeline.devices()) {
            Intervals copies = Intervals.union(trace, device.events(), e -> isHostCopy(trace, e));
            Intervals kernels = Intervals.union(trace, device.events(), e -> isKernel(trace.kind(e)));
            total += copies.length();
            hidden += copies.overlap(kernels);
            for (int e : device.events()) {
                if (isHostCopy(trace, e) && kernels.overlap(trace.start(e), trace.end(e)) < trace.duration(e)) {
                    found.add(occurrence(trace, e));
                }
            }
        }
        double exposed = total - hidden;
        if (exposed == 0 || exposed < LEAST_SHARE * timeline.extentNs() || hidden >= POOR_OVERLAP * total) {
            return List.of();
        }
        List<Evidence> evidence = List.of(
                new Evidence("copying", total, Unit.NANOSECONDS, "time in which copies between host and device run"),
                new Evidence("beside kernels", hidden, Unit.NANOSECONDS, "of it, time in which kernels run, too"),
                new Evidence("overlap", 100.0 * hidden / total, Unit.PERCENT, "beside kernels ÷ copying"));
        return List.of(Finding.of("copies-not-overlapped", "Copies with no kernel beside them",
                "While these copies ran, no kernel did. On streams of their own, from pinned memory and in pieces, copies can"
                        + " run beside the kernels that do not need them.",
                exposed, timeline.extentNs(), OptionalDouble.of(exposed), evidence,
                List.of("async-copies", "streams", "double-buffering", "pinned-memory"), found));
    }

    static boolean isKernel(EventKind kind) {
        return kind == EventKind.KERNEL || kind == EventKind.GRAPH || kind == EventKind.DEVICE_OTHER;
    }

    private static boolean isSlow(Trace trace, int event) {
        if (!isHostCopy(trace, event)) {
            return false;
        }
        int call = trace.link(event);
        return isPageable(trace, event)
                || call >= 0 && BlockingCall.of(trace.name(call)).equals(Optional.of(BlockingCall.COPY));
    }

    private static boolean isPageable(Trace trace, int event) {
        return trace.name(event).contains("Pageable");
    }

    /// Between host and device, as the program asked for it: pages that the driver moves are not.
    private static boolean isHostCopy(Trace trace, int event) {
        if (trace.kind(event) != EventKind.MEMCPY) {
            return false;
        }
        CopyKind recorded = CopyKind.of(
                trace.attribute(AttributeKey.COPY_KIND).map(a -> a.valueOr(event, 0)).orElse(0L));
        CopyKind kind = recorded == CopyKind.UNKNOWN ? CopyKind.ofName(trace.name(event)) : recorded;
        return kind == CopyKind.HOST_TO_DEVICE || kind == CopyKind.DEVICE_TO_HOST;
    }

    private static double bytes(Trace trace, int event) {
        Optional<Attribute> bytes = trace.attribute(AttributeKey.BYTES);
        return bytes.map(a -> a.valueOr(event, 0)).orElse(0L);
    }

    private static Occurrence occurrence(Trace trace, int event) {
        double bytes = bytes(trace, event);
        return new Occurrence(
                Unit.NANOSECONDS.format(trace.duration(event)) + " " + trace.name(event)
                        + (bytes > 0 ? ", " + Unit.BYTES.format(bytes) : ""),
                trace.duration(event), new Place.Span(event, trace.start(event), trace.end(event)));
    }
}
