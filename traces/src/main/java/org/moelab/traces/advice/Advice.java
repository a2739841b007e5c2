package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.List;

import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;

/// What all rules find in a recording.
public final class Advice {
    private static final List<Rule> RULES = List.of(BlockedHost::look, LaunchGaps::look, Launches::single,
            Launches::tiny, HostCopies::synchronous, HostCopies::exposed, ExposedCommunication::look,
            LaunchSizes::fewBlocks, LaunchSizes::lowOccupancy, DataQuality::look);

    private Advice() {
    }

    /// The findings, the gravest first. Costs a few passes over the device's events and the host's calls.
    public static List<Finding> of(Recording recording) {
        List<Finding> findings = new ArrayList<>(switch (recording) {
            case Trace trace -> {
                Observed timeline = new Observed(trace);
                yield RULES.stream().flatMap(rule -> rule.look(timeline).stream()).toList();
            }
            case KernelReport report -> ProfiledKernels.look(report);
        });
        findings.sort(Finding.GRAVEST_FIRST);
        return List.copyOf(findings);
    }
}
