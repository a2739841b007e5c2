package org.moelab.traces.model;

import java.util.List;

/// A set of profiled kernels with their metrics, as Nsight Compute records them.
public record KernelReport(RecordingInfo info, List<Warning> warnings) implements Recording {
    public KernelReport {
        warnings = List.copyOf(warnings);
    }
}
