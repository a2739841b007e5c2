package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

/// What is told of an event beside the pointer.
///
/// @param title its short name
/// @param facts what else, in order
record EventSummary(String title, List<Fact> facts) {
    private static final int LONGEST_NAME = 400;

    /// A fact: what it is, and its value.
    record Fact(String label, String value) {}

    /// What is told of what lies under the pointer.
    static EventSummary of(TimelineSource source, Hit hit) {
        Trace trace = source.trace();
        int event = hit.event();
        String name = trace.name(event);
        String title = source.labels().of(trace.nameId(event));
        List<Fact> facts = new ArrayList<>();
        if (!title.equals(name)) {
            facts.add(new Fact("Name", name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name));
        }
        facts.add(new Fact("Kind", kind(source, event)));
        facts.add(new Fact("Start", exact(trace.start(event) - trace.startNs())));
        facts.add(new Fact("Duration", Unit.NANOSECONDS.format((double) trace.duration(event))));
        facts.add(new Fact("Track", path(source, event)));
        if (trace.correlation(event) >= 0) {
            facts.add(new Fact("Correlation", Long.toString(trace.correlation(event))));
        }
        if (hit.sharing() > 1) {
            facts.add(new Fact("Zoom in", hit.sharing() + " events share this pixel"));
        }
        return new EventSummary(title, List.copyOf(facts));
    }

    private static String kind(TimelineSource source, int event) {
        EventKind kind = source.trace().kind(event);
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind == EventKind.KERNEL ? name + " · " + source.kinds().of(event).label() : name;
    }

    private static String path(TimelineSource source, int event) {
        int id = source.tree().rowOfTrack(source.trace().trackId(event));
        StringBuilder path = new StringBuilder();
        for (int row = id; row >= 0; row = source.tree().rows().get(row).parent()) {
            path.insert(0, source.tree().rows().get(row).caption() + (path.isEmpty() ? "" : " · "));
        }
        return path.toString();
    }

    /// A time since the start of the trace, to the nanosecond.
    static String exact(long ns) {
        TimeScale.TimeUnit unit = TimeScale.TimeUnit.fitting(Math.abs((double) ns));
        return new TimeScale(1, unit, unit.digits()).label((double) ns);
    }
}
