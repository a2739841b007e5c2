package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.moelab.traces.compare.StepName;
import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// Two moments of two traces that stand one above the other.
///
/// @param label what happens there
/// @param upperNs the moment on the upper trace's clock
/// @param lowerNs the moment on the lower trace's clock
public record Alignment(String label, long upperNs, long lowerNs) {
    /// More steps than this nobody chooses from a list.
    private static final int MOST_STEPS = 100;
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    /// What this lab's own timelines call the pass over a prompt and that of a new token.
    private static final Pattern LABS = Pattern.compile("prompt|token");

    /// What two traces can be aligned on: their first work, then the steps that both have. Walks over their ranges: off the
    /// JavaFX thread.
    static List<Alignment> of(Trace upper, Trace lower) {
        List<Alignment> found = new ArrayList<>();
        found.add(new Alignment("first work", firstWork(upper), firstWork(lower)));
        for (TrackKind kind : List.of(TrackKind.DEVICE_RANGES, TrackKind.RANGES)) {
            Map<String, List<Integer>> above = steps(upper, kind);
            Map<String, List<Integer>> below = steps(lower, kind);
            above.keySet().retainAll(below.keySet());
            above.forEach((name, steps) -> {
                List<Integer> others = below.getOrDefault(name, List.of());
                int both = Math.min(MOST_STEPS, Math.min(steps.size(), others.size()));
                for (int i = 0; i < both; i++) {
                    String own = upper.name(steps.get(i));
                    boolean numbered = NUMBER.matcher(own).find();
                    found.add(new Alignment(numbered || both == 1 ? own : own + " " + (i + 1),
                            upper.start(steps.get(i)), lower.start(others.get(i))));
                }
            });
            if (found.size() > 1) {
                return List.copyOf(found);
            }
        }
        return List.copyOf(found);
    }

    /// The one to begin with: the first of the steps that repeat, or else the first step, or else the first work.
    static Alignment usual(List<Alignment> all) {
        Map<String, Integer> repeats = new HashMap<>();
        all.forEach(a -> repeats.merge(a.step(), 1, Integer::sum));
        return all.stream().skip(1).filter(a -> repeats.getOrDefault(a.step(), 0) > 1).findFirst()
                .orElse(all.get(Math.min(1, all.size() - 1)));
    }

    private String step() {
        return NUMBER.matcher(label).replaceAll("");
    }

    /// How far the lower trace's times lie ahead of the upper one's at the same place, each counted from its start.
    double shiftNs(Trace upper, Trace lower) {
        return (double) ((lowerNs - lower.startNs()) - (upperNs - upper.startNs()));
    }

    /// The steps by what their names share, by rising start.
    private static Map<String, List<Integer>> steps(Trace trace, TrackKind kind) {
        String[] groups = new String[trace.strings().size()];
        for (int id = 0; id < groups.length; id++) {
            String name = trace.strings().get(id);
            groups[id] = StepName.isStep(name) || LABS.matcher(name).matches()
                    ? NUMBER.matcher(name).replaceAll("").strip()
                    : "";
        }
        List<Integer> events = new ArrayList<>();
        for (Track track : trace.tracks()) {
            for (int e = trace.trackBegin(track.id()); track.kind() == kind && e < trace.trackEnd(track.id()); e++) {
                if (!groups[trace.nameId(e)].isEmpty()) {
                    events.add(e);
                }
            }
        }
        events.sort(Comparator.<Integer>comparingLong(trace::start).thenComparingInt(e -> e));
        Map<String, List<Integer>> steps = new LinkedHashMap<>();
        for (int e : events) {
            steps.computeIfAbsent(groups[trace.nameId(e)], _ -> new ArrayList<>()).add(e);
        }
        return steps;
    }

    /// The start of a device's first work; of the first event where there is none.
    private static long firstWork(Trace trace) {
        long first = Long.MAX_VALUE;
        for (Track track : trace.tracks()) {
            for (Lane lane : track.kind() == TrackKind.STREAM ? trace.lanes(track.id()) : List.<Lane>of()) {
                first = Math.min(first, trace.start(lane.event(0)));
            }
        }
        return first == Long.MAX_VALUE ? trace.startNs() : first;
    }
}
