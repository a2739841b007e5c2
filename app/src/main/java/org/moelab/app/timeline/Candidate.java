package org.moelab.app.timeline;

import java.nio.file.Path;
import java.util.Optional;

import org.moelab.traces.model.Trace;

/// A timeline that can stand below the one that is looked at.
///
/// @param file what it is opened from
/// @param name what people call it
/// @param trace what was read; empty as long as it is not open
public record Candidate(Path file, String name, Optional<Trace> trace) {}
