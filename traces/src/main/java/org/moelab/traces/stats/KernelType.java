package org.moelab.traces.stats;

/// What a kernel spends its time on, in the terms of HolisticTraceAnalysis.
public enum KernelType {
    /// Arithmetic, and whatever the other rules do not catch.
    COMPUTATION,
    /// Exchange between devices.
    COMMUNICATION,
    /// Copies and fills.
    MEMORY,
    /// Waits, and host calls that a producer put on a stream.
    OTHER
}
