package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

/// The outermost ranges of the devices, such as the steps of a run, to tell where in a recording something is.
final class Stretches {
    private final Map<Integer, List<Stretch>> ofDevice = new HashMap<>();
    private final Trace trace;

    /// A range that none of its device holds.
    ///
    /// @param name of the range
    /// @param number among those of the name on the device, from 1
    /// @param of how many there are
    private record Stretch(String name, int number, int of, long fromNs, long toNs) {
        String label() {
            return of == 1 ? name : name + " " + number;
        }
    }

    Stretches(Trace trace) {
        this.trace = trace;
        Map<Integer, List<Integer>> ranges = new HashMap<>();
        IntStream.range(0, trace.size()).filter(e -> trace.kind(e) == EventKind.DEVICE_RANGE)
                .forEach(e -> ranges.computeIfAbsent(trace.track(e).locus().device(), _ -> new ArrayList<>()).add(e));
        ranges.forEach((device, events) -> ofDevice.put(device, outermost(events)));
    }

    private List<Stretch> outermost(List<Integer> events) {
        events.sort(Comparator.<Integer>comparingLong(trace::start)
                .thenComparing(Comparator.<Integer>comparingLong(trace::end).reversed()));
        List<Integer> found = new ArrayList<>();
        long covered = Long.MIN_VALUE;
        for (int e : events) {
            if (trace.end(e) > covered) {
                found.add(e);
                covered = trace.end(e);
            }
        }
        Map<String, Integer> count = new HashMap<>();
        found.forEach(e -> count.merge(trace.name(e), 1, Integer::sum));
        Map<String, Integer> seen = new HashMap<>();
        return found.stream().map(e -> new Stretch(trace.name(e), seen.merge(trace.name(e), 1, Integer::sum),
                count.getOrDefault(trace.name(e), 1), trace.start(e), trace.end(e))).toList();
    }

    private Optional<Stretch> around(int event) {
        List<Stretch> all = ofDevice.getOrDefault(trace.track(event).locus().device(), List.of());
        if (all.size() == 1) {
            return Optional.empty(); // a range round all tells nothing of where
        }
        int low = 0;
        int high = all.size();
        while (low < high) { // the first that ends behind the event's start
            int middle = (low + high) >>> 1;
            if (all.get(middle).toNs <= trace.start(event)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < all.size() && all.get(low).fromNs <= trace.start(event)
                ? Optional.of(all.get(low))
                : Optional.empty();
    }

    /// Where an event of a device begins, for a sentence: `, in token 3`; empty where no range is there.
    String where(int event) {
        return around(event).map(s -> ", in " + s.label()).orElse("");
    }

    /// The name of the range that an event of a device begins in.
    Optional<String> name(int event) {
        return around(event).map(Stretch::name);
    }
}
