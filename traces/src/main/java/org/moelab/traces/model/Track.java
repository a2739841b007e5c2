package org.moelab.traces.model;

/// A row of the timeline, or a group of rows.
///
/// @param id index into [Trace#tracks()]
/// @param parent id of the group this track lies in, or [Locus#NONE] at the top
/// @param kind what the track is
/// @param name what a person reads at the row's left
/// @param locus where its events happened
/// @param order rows of one group are shown by rising order, then by id
public record Track(int id, int parent, TrackKind kind, String name, Locus locus, int order) {}
