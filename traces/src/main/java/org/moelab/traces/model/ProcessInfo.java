package org.moelab.traces.model;

import java.util.OptionalInt;

/// A process that a trace covers.
///
/// @param pid the operating system's process id, or -1 where the producer names none
/// @param name executable or label
/// @param rank its rank in a distributed job, where known
public record ProcessInfo(long pid, String name, OptionalInt rank) {}
