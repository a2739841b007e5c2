package org.moelab.app.timeline;

/// A moment that a person marked.
///
/// @param timeNs on the trace's own clock
/// @param label what stands at it on the ruler
public record Mark(long timeNs, String label) {}
