package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.moelab.traces.advice.Observed.DeviceWork;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelClassifier;
import org.moelab.traces.stats.KernelType;

/// Exchange between devices with no computation beside it, as HolisticTraceAnalysis tells the two apart.
final class ExposedCommunication {
    /// Less is within what repeats of a run differ by.
    static final double LEAST_SHARE = 0.01;
    /// Less than half hidden: most of what there was to win is lost.
    static final double POOR_OVERLAP = 0.5;

    private ExposedCommunication() {
    }

    static List<Finding> look(Observed timeline) {
        Trace trace = timeline.trace();
        Map<Integer, KernelType> types = new HashMap<>();
        double total = 0;
        double hidden = 0;
        List<Occurrence> found = new ArrayList<>();
        for (DeviceWork device : timeline.devices()) {
            Intervals talk = Intervals.union(trace, device.events(),
                    e -> type(trace, e, types) == KernelType.COMMUNICATION);
            if (talk.length() == 0) {
                continue;
            }
            Intervals work = Intervals.union(trace, device.events(),
                    e -> type(trace, e, types) == KernelType.COMPUTATION);
            total += talk.length();
            hidden += talk.overlap(work);
            for (int e : device.events()) {
                if (type(trace, e, types) == KernelType.COMMUNICATION
                        && work.overlap(trace.start(e), trace.end(e)) < trace.duration(e)) {
                    found.add(new Occurrence(
                            Unit.NANOSECONDS.format(trace.duration(e)) + " " + timeline.label(e), trace.duration(e),
                            new Place.Span(e, trace.start(e), trace.end(e))));
                }
            }
        }
        double exposed = total - hidden;
        if (exposed == 0 || exposed < LEAST_SHARE * timeline.extentNs() || hidden >= POOR_OVERLAP * total) {
            return List.of();
        }
        List<Evidence> evidence = List.of(
                new Evidence("communication", total, Unit.NANOSECONDS, "time in which exchange between devices runs"),
                new Evidence("beside computation", hidden, Unit.NANOSECONDS,
                        "of it, time in which computation runs, too"),
                new Evidence("overlap", 100.0 * hidden / total, Unit.PERCENT, "beside computation ÷ communication"));
        return List.of(Finding.of("communication-not-overlapped", "Communication with no computation beside it",
                "While devices exchanged data, this device computed nothing. Work that does not need the data can run"
                        + " meanwhile. A collective that waits for another rank counts as communication, too.",
                exposed, timeline.extentNs(), OptionalDouble.of(exposed), evidence,
                List.of("expert-overlap", "streams", "stream-events"), found));
    }

    private static KernelType type(Trace trace, int event, Map<Integer, KernelType> known) {
        return HostCopies.isKernel(trace.kind(event))
                ? known.computeIfAbsent(trace.nameId(event),
                        _ -> KernelClassifier.HTA.of(trace.name(event), trace.kind(event)))
                : KernelType.MEMORY;
    }
}
