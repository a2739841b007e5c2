package org.moelab.traces.roofline;

import java.util.List;

/// Something that points can be made of: a profiler's report, a run directory.
public interface RooflinePointSource {
    /// The kernels, a launch or an operation each; those that lack a figure that a point needs are left out.
    List<KernelWork> work();

    /// The ceilings that the source itself knows; [Ceilings#isEmpty] where it knows none.
    Ceilings ceilings();

    /// What is missing for some kernels, and how it would be recorded: a sentence each. Empty where nothing is.
    List<String> missing();
}
