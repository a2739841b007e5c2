package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

/// The steps of a timeline, and the step in which each piece of device work was launched.
///
/// A step is a range whose name says so ([StepName]), not within another. Steps are numbered in each process by rising start;
/// the n-th steps of several processes, such as ranks, are one.
final class StepRanges {
    private final Trace trace;
    /// By process: the steps' events by rising start.
    private final Map<Integer, List<Integer>> steps = new HashMap<>();

    StepRanges(Trace trace) {
        this.trace = trace;
        boolean profilers = false;
        boolean[] isStep = new boolean[trace.strings().size()];
        boolean[] isProfilers = new boolean[trace.strings().size()];
        for (int name = 0; name < isStep.length; name++) {
            isProfilers[name] = StepName.isProfilers(trace.strings().get(name));
            isStep[name] = StepName.isStep(trace.strings().get(name));
        }
        List<Integer> found = new ArrayList<>();
        for (int e = 0; e < trace.size(); e++) {
            if (isStep[trace.nameId(e)] && isRange(trace.kind(e))) {
                found.add(e);
                profilers |= isProfilers[trace.nameId(e)];
            }
        }
        boolean onlyProfilers = profilers;
        found.removeIf(e -> onlyProfilers && !isProfilers[trace.nameId(e)]);
        found.sort(Comparator.<Integer>comparingLong(trace::start).thenComparingLong(e -> -trace.duration(e)));
        for (int e : found) {
            List<Integer> before = steps.computeIfAbsent(trace.track(e).locus().process(), _ -> new ArrayList<>());
            if (before.isEmpty() || trace.start(e) >= trace.end(before.getLast())) {
                before.add(e);
            }
        }
    }

    private static boolean isRange(EventKind kind) {
        return kind == EventKind.RANGE || kind == EventKind.START_END_RANGE;
    }

    /// How many steps there are.
    int count() {
        return steps.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /// The step during which the device event was launched, or ran where its launch was not recorded; -1 outside of steps.
    int stepOf(int deviceEvent) {
        int call = trace.link(deviceEvent);
        int at = call >= 0 ? call : deviceEvent;
        List<Integer> ofProcess = steps.getOrDefault(trace.track(at).locus().process(), List.of());
        int low = 0;
        int high = ofProcess.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (trace.start(ofProcess.get(middle)) <= trace.start(at)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && trace.start(at) < trace.end(ofProcess.get(low - 1)) ? low - 1 : -1;
    }
}
