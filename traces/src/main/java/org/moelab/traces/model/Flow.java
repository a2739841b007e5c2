package org.moelab.traces.model;

/// An arrow between two events that the producer recorded beside launch links, such as forward to backward.
///
/// @param from event index
/// @param to event index
/// @param category the producer's category, such as `fwdbwd`
public record Flow(int from, int to, String category) {}
