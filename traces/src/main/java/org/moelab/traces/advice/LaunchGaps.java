package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import org.moelab.traces.advice.Gap.Cause;
import org.moelab.traces.model.Unit;

/// Times in which a device did nothing although the host was not held up in a call: by whether the host launched late, or
/// had launched and the device did not begin. What the host spent in calls that block is [BlockedHost]'s.
final class LaunchGaps {
    /// Less idle time is within what repeats of a run differ by.
    static final double LEAST_SHARE = 0.01;

    /// Ranges of more names are many small ones.
    private static final int RANGES = 4;

    private LaunchGaps() {
    }

    static List<Finding> look(Observed timeline) {
        List<Finding> findings = new ArrayList<>();
        add(findings, timeline, Cause.LATE, "late-launches", "The device waits for the host to launch",
                "Before these pieces of work the device had run dry when their launch began: the host was slower than the"
                        + " device. Fewer launches (graphs, fused kernels) or less work of the host between them close"
                        + " such gaps. A pause that the program makes on purpose counts too: look at the longest.",
                List.of("cuda-graphs", "custom-fusion", "numa-binding", "kernel-design"));
        add(findings, timeline, Cause.QUEUED, "gaps-between-kernels", "Gaps before work already launched",
                "The launch of the work behind had begun before the work in front ended; the device still paused between"
                        + " them. Draining one kernel and starting the next takes some µs where they depend on each other.",
                List.of("dependent-launch", "cuda-graphs", "persistent-kernels", "custom-fusion"));
        add(findings, timeline, Cause.UNKNOWN, "gaps-unexplained", "Idle time whose cause was not recorded",
                "The recording holds no launch for the work that ends these gaps, so that nothing tells whether the host"
                        + " was late.",
                List.of());
        return findings;
    }

    private static void add(List<Finding> findings, Observed timeline, Cause cause, String rule, String title,
            String explanation, List<String> techniques) {
        List<Gap> gaps = timeline.gaps().stream().filter(g -> g.cause() == cause && g.freeNs() > 0).toList();
        double idle = gaps.stream().mapToDouble(Gap::freeNs).sum();
        if (idle == 0 || idle < LEAST_SHARE * timeline.extentNs()) {
            return;
        }
        long longest = gaps.stream().mapToLong(Gap::freeNs).max().orElse(0);
        List<Evidence> evidence = new ArrayList<>(List.of(
                new Evidence("idle", idle, Unit.NANOSECONDS,
                        "time without work on the device, less what the launching thread spent in calls that block"),
                new Evidence("gaps", gaps.size(), Unit.COUNT, "stretches of such time"),
                new Evidence("mean gap", idle / gaps.size(), Unit.NANOSECONDS, "idle ÷ gaps"),
                new Evidence("longest gap", longest, Unit.NANOSECONDS, "the longest of them"),
                new Evidence("of the device's time", 100.0 * idle / timeline.extentNs(), Unit.PERCENT,
                        "idle ÷ time from first to last work, summed over devices")));
        evidence.addAll(byRange(timeline, gaps));
        findings.add(Finding.of(rule, title, explanation, idle, timeline.extentNs(), OptionalDouble.of(idle), evidence,
                techniques, listed(timeline, gaps).map(g -> occurrence(timeline, g)).toList()));
    }

    /// The longest gaps of each outermost range, so that those of a prompt do not crowd out those of short steps.
    private static Stream<Gap> listed(Observed timeline, List<Gap> gaps) {
        Map<String, List<Gap>> byRange = new LinkedHashMap<>();
        gaps.stream().sorted(Comparator.comparingLong(Gap::freeNs).reversed()).forEach(g -> byRange
                .computeIfAbsent(timeline.stretches().name(g.next()).orElse(""), _ -> new ArrayList<>()).add(g));
        int each = Math.max(1, Math.ceilDiv(Occurrence.LISTED, byRange.size()));
        return byRange.values().stream().flatMap(of -> of.stream().limit(each));
    }

    /// The idle time by the outermost range that each gap ends in, the most first.
    private static List<Evidence> byRange(Observed timeline, List<Gap> gaps) {
        Map<String, Double> idle = new LinkedHashMap<>();
        gaps.forEach(g -> timeline.stretches().name(g.next())
                .ifPresent(name -> idle.merge(name, (double) g.freeNs(), Double::sum)));
        return idle.entrySet().stream().sorted(Map.Entry.<String, Double>comparingByValue().reversed()).limit(RANGES)
                .map(e -> new Evidence("idle in " + e.getKey(), e.getValue(), Unit.NANOSECONDS,
                        "the part of idle before work within ranges called " + e.getKey()
                                + ", which no other range holds"))
                .toList();
    }

    private static Occurrence occurrence(Observed timeline, Gap gap) {
        return new Occurrence(Unit.NANOSECONDS.format(gap.freeNs()) + " before " + timeline.label(gap.next())
                + timeline.stretches().where(gap.next()),
                gap.freeNs(), new Place.Span(gap.next(), gap.fromNs(), gap.toNs()));
    }
}
