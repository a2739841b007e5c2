package org.moelab.app.timeline;

import java.util.Arrays;

import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.Unit;

/// The least and greatest values of a counter over buckets of 16, 256, 4096 … samples, so that drawing costs what the
/// pixels cost. Values that are no numbers are passed over.
final class CounterLevels {
    private static final int SHIFT = 4;

    private final CounterSeries series;
    private final double[][] least;
    private final double[][] greatest;
    private final double min;
    private final double max;

    CounterLevels(CounterSeries series) {
        this.series = series;
        int levels = 0;
        for (int n = series.size() >> SHIFT; n > 0; n >>= SHIFT) {
            levels++;
        }
        least = new double[levels][];
        greatest = new double[levels][];
        for (int level = 0; level < levels; level++) {
            int buckets = series.size() >> SHIFT * (level + 1);
            least[level] = new double[buckets];
            greatest[level] = new double[buckets];
            double[] lower = level == 0 ? series.values() : least[level - 1];
            double[] upper = level == 0 ? series.values() : greatest[level - 1];
            for (int b = 0; b < buckets; b++) {
                Extent extent = new Extent();
                for (int i = b << SHIFT; i < b + 1 << SHIFT; i++) {
                    extent.add(lower[i], upper[i]);
                }
                least[level][b] = extent.least;
                greatest[level][b] = extent.greatest;
            }
        }
        Extent all = extent(0, series.size());
        this.min = all.least;
        this.max = all.greatest;
    }

    /// The counter summarised.
    CounterSeries series() {
        return series;
    }

    /// What the bottom and the top of its curve stand for.
    String scale() {
        return max < min ? "no values" : format(floor()) + " – " + format(max);
    }

    private String format(double value) {
        return Arrays.stream(Unit.values()).filter(u -> !u.symbol().isEmpty() && u.symbol().equals(series.unit()))
                .findFirst().map(u -> u.format(value))
                .orElseGet(() -> (Unit.NONE.format(value) + " " + series.unit()).strip());
    }

    /// What the bottom of its curve stands for: 0, or its least value where that is less.
    double floor() {
        return Math.min(0, min);
    }

    /// Its least value, or +∞ where it has none.
    double min() {
        return min;
    }

    /// Its greatest value, or −∞ where it has none.
    double max() {
        return max;
    }

    /// Position of the first sample at or after a time.
    int firstAtOrAfter(long timeNs) {
        int i = Arrays.binarySearch(series.timeNs(), timeNs);
        if (i < 0) {
            return -i - 1;
        }
        while (i > 0 && series.timeNs()[i - 1] == timeNs) {
            i--;
        }
        return i;
    }

    /// The least and greatest of the samples at positions from (inclusive) to (exclusive).
    Extent extent(int from, int to) {
        Extent extent = new Extent();
        int i = from;
        while (i < to) {
            int level = -1;
            while (level + 1 < least.length && (i & (1 << SHIFT * (level + 2)) - 1) == 0
                    && i + (1L << SHIFT * (level + 2)) <= to) {
                level++;
            }
            if (level < 0) {
                extent.add(series.values()[i], series.values()[i]);
                i++;
            } else {
                int bucket = i >> SHIFT * (level + 1);
                extent.add(least[level][bucket], greatest[level][bucket]);
                i += 1 << SHIFT * (level + 1);
            }
        }
        return extent;
    }

    /// The least and greatest of what was added.
    static final class Extent {
        private double least = Double.POSITIVE_INFINITY;
        private double greatest = Double.NEGATIVE_INFINITY;

        void add(double low, double high) {
            if (low < least) {
                least = low;
            }
            if (high > greatest) {
                greatest = high;
            }
        }

        double least() {
            return least;
        }

        double greatest() {
            return greatest;
        }
    }
}
