package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.model.Warning;

/// What a recording cannot tell: what its importer dropped or repaired, and what was not recorded.
final class DataQuality {
    /// Below this the profiler's own time does not shape the figures.
    static final double OVERHEAD_SHARE = 0.01;

    private static final String MISSING = "What it concerns is missing from sums, shares and other findings.";
    private static final String TIMES = "Times of different rows do not fit together: gaps, overlaps and what waited for what"
            + " may be wrong.";
    private static final Map<String, String> CONSEQUENCES = Map.ofEntries(
            Map.entry("truncated", "The file ends early: all figures are of the part that was read."),
            Map.entry("damaged", MISSING), Map.entry("malformed", MISSING), Map.entry("clock-backwards", TIMES),
            Map.entry("unaligned-clocks", TIMES),
            Map.entry("kernel-without-launch",
                    "Nothing tells when the host launched these: idle time before them is not explained."),
            Map.entry("profiler-error", "The profiler itself says so: what it lost it does not name."),
            Map.entry("repeated-events", "They were counted once; where they differed, one of them was taken."),
            Map.entry("unmatched-begin", "Ranges without an end are missing."),
            Map.entry("unmatched-end", "Ranges without a beginning are missing."),
            Map.entry("unknown-metric-name", "Rules that need these metrics could not look."));

    private DataQuality() {
    }

    /// A finding for each warning of a recording.
    static List<Finding> warnings(List<Warning> warnings) {
        return warnings.stream().map(w -> Finding.note("recording-" + w.code(), w.message(),
                CONSEQUENCES.getOrDefault(w.code(), MISSING),
                List.of(new Evidence("concerned", w.count(), Unit.COUNT, "events or rows that the warning is about"))))
                .toList();
    }

    static List<Finding> look(Observed timeline) {
        Trace trace = timeline.trace();
        List<Finding> findings = new ArrayList<>(warnings(trace.warnings()));
        if (timeline.devices().isEmpty()) {
            findings.add(Finding.note("no-device-work", "No work of a device was recorded",
                    "Rules about kernels, copies and idle time had nothing to look at. nsys profile --trace=cuda records it, "
                            + "and the PyTorch profiler with ProfilerActivity.CUDA.",
                    List.of()));
            return findings;
        }
        if (timeline.hostCalls() == 0) {
            findings.add(Finding.note("no-host-calls", "No calls of the host were recorded",
                    "Nothing tells what the host did while the device was idle, nor what launching cost.", List.of()));
        }
        long graphs = 0;
        long overheadNs = 0;
        for (int e = 0; e < trace.size(); e++) {
            graphs += trace.kind(e) == EventKind.GRAPH ? 1 : 0;
            overheadNs += trace.kind(e) == EventKind.OVERHEAD ? trace.duration(e) : 0;
        }
        if (graphs > 0) {
            findings.add(Finding.note("graphs-unresolved", "CUDA graphs were recorded as a whole",
                    "The kernels inside are not there: they are neither counted nor judged. Nsight Systems resolves them with"
                            + " --cuda-graph-trace=node.",
                    List.of(new Evidence("graphs", graphs, Unit.COUNT, "events that are a whole graph"))));
        }
        if (overheadNs > OVERHEAD_SHARE * timeline.extentNs()) {
            findings.add(Finding.note("profiler-overhead", "The profiler itself took time",
                    "Some of the idle time may be the profiler's.",
                    List.of(new Evidence("overhead", overheadNs, Unit.NANOSECONDS,
                            "sum of the times that the profiler says it took; threads add up"))));
        }
        return findings;
    }
}
