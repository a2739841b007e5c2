package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.moelab.traces.model.Unit;

/// A device idle while the thread that launches its next work is held up in a call: a synchronisation, an allocation, a
/// synchronous copy, the loading of a module.
final class BlockedHost {
    /// Less is within what repeats of a run differ by.
    static final double LEAST_SHARE = 0.01;

    private static final Map<BlockingCall, List<String>> TECHNIQUES = Map.of(BlockingCall.SYNCHRONISATION,
            List.of("kernel-design", "stream-events", "cuda-graphs"), BlockingCall.COPY,
            List.of("pinned-memory", "async-copies"), BlockingCall.ALLOCATION,
            List.of("stream-ordered-allocation", "kernel-design"), BlockingCall.LOADING, List.of("cuda-graphs"));
    private static final Map<BlockingCall, String> ADVICE = Map.of(BlockingCall.SYNCHRONISATION,
            "The host waits for the device and launches nothing meanwhile, so that the device runs dry when the wait ends."
                    + " Where the host does not need the result, order work by streams and events.",
            BlockingCall.COPY,
            "A copy that returns only when it is done keeps the host from launching what follows. Pinned memory and"
                    + " asynchronous copies let it go on.",
            BlockingCall.ALLOCATION,
            "Taking, giving back or pinning memory may wait for the whole device. Allocate once, before the loop, or in"
                    + " the order of a stream.",
            BlockingCall.LOADING,
            "Code is brought onto the device, or a graph made, at first use. Do so before the time that counts.");

    private BlockedHost() {
    }

    static List<Finding> look(Observed timeline) {
        List<Finding> findings = new ArrayList<>();
        for (BlockingCall kind : BlockingCall.values()) {
            List<Gap> gaps = timeline.gaps().stream().filter(g -> blockedNs(g, kind) > 0).toList();
            double idle = gaps.stream().mapToDouble(g -> blockedNs(g, kind)).sum();
            if (idle > 0 && idle >= LEAST_SHARE * timeline.extentNs()) {
                findings.add(finding(timeline, kind, gaps, idle));
            }
        }
        return findings;
    }

    private static long blockedNs(Gap gap, BlockingCall kind) {
        return gap.blockedNs().getOrDefault(kind, 0L);
    }

    private static Finding finding(Observed timeline, BlockingCall kind, List<Gap> gaps, double idle) {
        List<Evidence> evidence = List.of(
                new Evidence("idle in such calls", idle, Unit.NANOSECONDS,
                        "time without work on the device that the launching thread spent in them"),
                new Evidence("gaps", gaps.size(), Unit.COUNT, "stretches of idle time with such a call"),
                new Evidence("of the device's time", 100.0 * idle / timeline.extentNs(), Unit.PERCENT,
                        "idle in such calls ÷ time from first to last work, summed over devices"));
        return Finding.of("idle-in-" + kind.name().toLowerCase(java.util.Locale.ROOT),
                "Device idle while the host is in " + kind.label(), ADVICE.getOrDefault(kind, ""), idle,
                timeline.extentNs(), OptionalDouble.of(idle), evidence, TECHNIQUES.getOrDefault(kind, List.of()),
                gaps.stream().map(g -> occurrence(timeline, g, kind)).toList());
    }

    private static Occurrence occurrence(Observed timeline, Gap gap, BlockingCall kind) {
        long ns = blockedNs(gap, kind);
        return new Occurrence(Unit.NANOSECONDS.format(ns) + " in " + timeline.trace().name(gap.blocking()), ns,
                new Place.Span(gap.blocking(), gap.fromNs(), gap.toNs()));
    }
}
