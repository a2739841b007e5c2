package org.moelab.traces.model;

import java.util.List;

/// What an importer gives: a timeline, or a set of profiled kernels.
public sealed interface Recording permits Trace, KernelReport {
    /// What the recording says of itself.
    RecordingInfo info();

    /// What was dropped, repaired or looked wrong while reading. Empty where nothing did.
    List<Warning> warnings();
}
