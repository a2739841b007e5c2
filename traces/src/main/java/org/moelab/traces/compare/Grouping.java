package org.moelab.traces.compare;

/// What a row of a comparison stands for.
public enum Grouping {
    /// A kernel, copy or fill by name, wherever it ran.
    KERNEL,
    /// An NVTX range or operator: the work launched directly in it, not in a range within it.
    RANGE,
    /// A kind of work: computation, communication, memory, other.
    KIND
}
