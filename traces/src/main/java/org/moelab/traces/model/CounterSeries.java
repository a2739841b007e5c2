package org.moelab.traces.model;

/// A counter's samples over time.
///
/// @param track the track it is drawn on
/// @param name the producer's name of the counter
/// @param unit the unit as the producer writes it, or the empty string
/// @param timeNs sample times, rising
/// @param values one a time
@SuppressWarnings("ArrayRecordComponent") // a frozen column, never compared or copied
public record CounterSeries(int track, String name, String unit, long[] timeNs, double[] values) {
    public CounterSeries {
        if (timeNs.length != values.length) {
            throw new IllegalArgumentException(
                    "counter " + name + " has " + timeNs.length + " times and " + values.length + " values");
        }
    }

    /// Number of samples.
    public int size() {
        return timeNs.length;
    }
}
