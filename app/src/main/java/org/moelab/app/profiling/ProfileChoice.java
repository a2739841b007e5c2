package org.moelab.app.profiling;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What `--profile` takes: how much to record of each layer beside its times.
public enum ProfileChoice {
    /// Nothing.
    NONE,
    /// The timeline, which the lab captures itself.
    MINIMAL,
    /// And the counters that a roofline needs.
    ROOFLINE,
    /// And all counters of the kernels that take longest, what Nsight Systems sees, and each layer against the one below.
    DEEP_DIVE,
    /// And what Nsight Systems sees.
    NSYS,
    /// And the usual counters of all kernels.
    NCU,
    /// And the timeline as HolisticTraceAnalysis opens it, with that tool's reports.
    HTA,
    /// All of it.
    ALL;

    /// One thing to record of a layer in the course of a run's profiles.
    public enum Part {
        ROOFLINE, DEEP_DIVE, NSYS, NCU, HTA, DIFFERENCES;

        /// The word for the report.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The word for people and the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The choice that a command line names.
    public static Optional<ProfileChoice> of(String label) {
        return Arrays.stream(values()).filter(choice -> choice.label().equals(label)).findFirst();
    }

    /// All labels, for people.
    public static String labels() {
        return Arrays.stream(values()).map(ProfileChoice::label).collect(Collectors.joining(", "));
    }

    /// What is recorded beside the timeline.
    public Set<Part> parts() {
        return switch (this) {
            case NONE, MINIMAL -> Set.of();
            case ROOFLINE -> Set.of(Part.ROOFLINE);
            case DEEP_DIVE -> Set.of(Part.DEEP_DIVE, Part.NSYS, Part.DIFFERENCES);
            case NSYS -> Set.of(Part.NSYS);
            case NCU -> Set.of(Part.NCU);
            case HTA -> Set.of(Part.HTA);
            case ALL -> Set.of(Part.values());
        };
    }
}
