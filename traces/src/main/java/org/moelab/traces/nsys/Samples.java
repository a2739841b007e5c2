package org.moelab.traces.nsys;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

import org.moelab.traces.model.CounterSeries;

/// A counter's samples while they are read.
final class Samples {
    private long[] timeNs = new long[64];
    private double[] values = new double[64];
    private int size;

    void add(long time, double value) {
        if (size == timeNs.length) {
            timeNs = Arrays.copyOf(timeNs, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        timeNs[size] = time;
        values[size++] = value;
    }

    /// Sorts the samples where they are not in order, and tells how many were older than the one before.
    int sortByTime() {
        int backwards = (int) IntStream.range(1, size).filter(i -> timeNs[i] < timeNs[i - 1]).count();
        if (backwards > 0) {
            int[] order = IntStream.range(0, size).boxed().sorted(Comparator.comparingLong(i -> timeNs[i]))
                    .mapToInt(Integer::intValue).toArray();
            timeNs = IntStream.of(order).mapToLong(i -> timeNs[i]).toArray();
            values = IntStream.of(order).mapToDouble(i -> values[i]).toArray();
        }
        return backwards;
    }

    /// Replaces each value by the sum up to it.
    void accumulate() {
        Arrays.parallelPrefix(values, 0, size, Double::sum);
    }

    CounterSeries series(int track, String name, String unit) {
        return new CounterSeries(track, name, unit, Arrays.copyOf(timeNs, size), Arrays.copyOf(values, size));
    }
}
