package org.moelab.gpu.bench;

import java.util.Collection;

import org.HdrHistogram.Histogram;

/// How times spread, in milliseconds, each to a ten-thousandth of itself.
///
/// @param count how many times were measured
/// @param min the shortest
/// @param p50 the median
/// @param p90 nine of ten are no longer
/// @param p99 99 of 100 are no longer
/// @param max the longest
/// @param mean their mean
public record Spread(long count, double min, double p50, double p90, double p99, double max, double mean) {
    private static final int DIGITS = 4;
    private static final double NS_PER_MS = 1e6;

    /// The spread of times in milliseconds.
    ///
    /// @throws IllegalArgumentException where there are none
    public static Spread of(Collection<Double> millis) {
        if (millis.isEmpty()) {
            throw new IllegalArgumentException("no times");
        }
        Histogram histogram = new Histogram(DIGITS);
        histogram.setAutoResize(true);
        millis.forEach(ms -> histogram.recordValue(Math.max(1, Math.round(ms * NS_PER_MS))));
        return new Spread(histogram.getTotalCount(), histogram.getMinValue() / NS_PER_MS, at(histogram, 50),
                at(histogram, 90), at(histogram, 99), histogram.getMaxValue() / NS_PER_MS,
                histogram.getMean() / NS_PER_MS);
    }

    private static double at(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NS_PER_MS;
    }
}
