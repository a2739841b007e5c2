package org.moelab.traces.advice;

/// One of the events that a finding comes from.
///
/// @param label what it is, in a few words with its figure
/// @param ns its time
/// @param place where to look at it
public record Occurrence(String label, double ns, Place place) {
    /// A time of whole ns.
    public Occurrence(String label, long ns, Place place) {
        this(label, (double) ns, place);
    }

    /// How many a finding lists, the longest first: what a person can go through.
    public static final int LISTED = 8;
}
