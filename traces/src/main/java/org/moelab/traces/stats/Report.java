package org.moelab.traces.stats;

import java.util.List;
import java.util.Optional;

import org.moelab.traces.model.Recording;

/// A table computed from a recording. Stateless; found through a [ReportProvider].
public interface Report {
    /// The name that the command line uses: the reference tool's own, such as `cuda_gpu_kern_sum`.
    String name();

    /// One line that says what the table shows and whose definition it follows.
    String title();

    /// What the recording lacks for this report, as a sentence; empty where it has all that is needed.
    Optional<String> missing(Recording recording);

    /// What this machine or recording keeps from the table, a sentence each, where the table can be given all the same.
    default List<String> notes(Recording recording) {
        return List.of();
    }

    /// Computes the table.
    ReportTable run(Recording recording, ReportOptions options);
}
