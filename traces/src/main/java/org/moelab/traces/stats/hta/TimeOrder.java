package org.moelab.traces.stats.hta;

import java.util.Arrays;

import org.moelab.traces.model.IntSort;

/// The order of things by time.
final class TimeOrder {
    private TimeOrder() {
    }

    /// Positions by rising time; equal times keep their order.
    static int[] of(double[] times) {
        int[] order = new int[times.length];
        Arrays.setAll(order, i -> i);
        IntSort.sort(order, (a, b) -> Double.compare(times[a], times[b]));
        return order;
    }
}
