package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.IntSort;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.OperatorLinks;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;

/// The ranges that device work was launched in: those open on the launching thread when the call began, outermost first,
/// then the framework's operator where there is one. Steps are left out, so that the same range of each step is one.
///
/// A path is an index into a table of distinct ones; 0 is the empty path.
final class LaunchRanges {
    private static final String SEPARATOR = " / ";

    private final Trace trace;
    private final OperatorLinks operators;
    private final List<String> paths = new ArrayList<>(List.of(""));
    private final Map<Long, Integer> children = new HashMap<>();
    /// By call: its path.
    private final int[] pathOfCall;

    private record HostThread(int process, long id) {}

    LaunchRanges(Trace trace) {
        this.trace = trace;
        operators = new OperatorLinks(trace);
        pathOfCall = new int[trace.size()];
        Map<HostThread, List<Track>> threads = new HashMap<>();
        for (Track track : trace.tracks()) {
            if (track.locus().thread() != Locus.NONE && track.locus().device() == Locus.NONE
                    && trace.trackBegin(track.id()) < trace.trackEnd(track.id())) {
                Locus at = track.locus();
                threads.computeIfAbsent(new HostThread(at.process(), at.thread()), _ -> new ArrayList<>()).add(track);
            }
        }
        boolean[] isStep = new boolean[trace.strings().size()];
        for (int name = 0; name < isStep.length; name++) {
            isStep[name] = StepName.isStep(trace.strings().get(name));
        }
        threads.values().forEach(tracks -> sweep(tracks, isStep));
    }

    private void sweep(List<Track> tracks, boolean[] isStep) {
        Attribute elsewhere = trace.attribute(AttributeKey.END_THREAD).orElse(null);
        int[] events = tracks.stream()
                .flatMapToInt(t -> IntStream.range(trace.trackBegin(t.id()), trace.trackEnd(t.id())))
                .filter(e -> isLaunch(e) || isRange(trace.kind(e)) && !isStep[trace.nameId(e)]
                        && (elsewhere == null || !elsewhere.has(e)))
                .toArray();
        IntSort.sort(events, (a, b) -> {
            int byStart = Long.compare(trace.start(a), trace.start(b));
            int byEnd = byStart != 0 ? byStart : Long.compare(trace.end(b), trace.end(a));
            return byEnd != 0 ? byEnd : Boolean.compare(isLaunch(a), isLaunch(b));
        });
        List<Integer> open = new ArrayList<>();
        for (int e : events) {
            open.removeIf(range -> trace.end(range) <= trace.start(e));
            if (isRange(trace.kind(e))) {
                open.add(e);
            } else {
                int path = 0;
                for (int range : open) {
                    path = child(path, trace.nameId(range));
                }
                pathOfCall[e] = path;
            }
        }
    }

    private boolean isLaunch(int event) {
        return trace.kind(event).isApiCall() && trace.launchedCount(event) > 0;
    }

    private static boolean isRange(EventKind kind) {
        return kind == EventKind.RANGE || kind == EventKind.START_END_RANGE;
    }

    private int child(int path, int name) {
        return children.computeIfAbsent((long) path << 32 | name, _ -> {
            String text = trace.strings().get(name);
            paths.add(path == 0 ? text : paths.get(path) + SEPARATOR + text);
            return paths.size() - 1;
        });
    }

    /// The path of a device event; 0 where nothing is known of its launch.
    int pathOf(int deviceEvent) {
        int call = trace.link(deviceEvent);
        int path = call < 0 ? 0 : pathOfCall[call];
        int operator = operators.operatorOf(deviceEvent);
        return operator < 0 ? path : child(path, trace.nameId(operator));
    }

    /// The names along a path.
    String text(int path) {
        return paths.get(path);
    }
}
