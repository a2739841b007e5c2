package org.moelab.traces.stats.nsight;

import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;

/// What the reports here share: they are made of a timeline's recorded events.
final class Timeline {
    private Timeline() {
    }

    /// The recorded events for which a condition holds. Projected ones are not among them.
    static IntStream events(Trace trace, IntPredicate condition) {
        return IntStream.range(0, trace.size()).filter(e -> trace.origin(e) < 0 && condition.test(e));
    }

    /// The recording as a timeline.
    static Trace of(Recording recording) {
        return switch (recording) {
            case Trace trace -> trace;
            case KernelReport _ -> throw new IllegalArgumentException("a set of profiled kernels is no timeline");
        };
    }

    /// What a recording lacks that needs some events of a timeline.
    ///
    /// @param wanted the events, in the plural
    static Optional<String> missing(Recording recording, String wanted, Finder finder) {
        return switch (recording) {
            case Trace trace when finder.events(trace).findAny().isPresent() -> Optional.empty();
            case Trace _ -> Optional.of("the recording has no " + wanted);
            case KernelReport _ -> Optional.of("needs a timeline, and this is a set of profiled kernels");
        };
    }

    /// Finds the events of a trace that a report is made of.
    @FunctionalInterface
    interface Finder {
        IntStream events(Trace trace);
    }
}
