package org.moelab.traces.stats.hta;

import java.util.Arrays;

import org.moelab.traces.model.IntSort;

/// The union of intervals: disjoint, by rising start. Intervals that touch are one.
///
/// A start may lie behind its end by rounding. Such an interval joins those around it or counts as negative time, as it
/// does in HolisticTraceAnalysis.
final class Spans {
    private final double[] start;
    private final double[] end;

    private Spans(double[] start, double[] end) {
        this.start = start;
        this.end = end;
    }

    /// The union of the intervals from `start[i]` to `end[i]`, in any order.
    static Spans union(double[] start, double[] end) {
        int[] order = new int[start.length];
        Arrays.setAll(order, i -> i);
        IntSort.sort(order, (a, b) -> Double.compare(start[a], start[b]));
        double[] from = new double[start.length];
        double[] to = new double[start.length];
        int size = 0;
        double covered = Double.NEGATIVE_INFINITY;
        for (int i : order) {
            if (size == 0 || start[i] > covered) {
                from[size] = start[i];
                to[size++] = end[i];
            } else {
                to[size - 1] = Math.max(to[size - 1], end[i]);
            }
            covered = Math.max(covered, end[i]);
        }
        return new Spans(Arrays.copyOf(from, size), Arrays.copyOf(to, size));
    }

    int size() {
        return start.length;
    }

    double start(int i) {
        return start[i];
    }

    double end(int i) {
        return end[i];
    }

    /// Time covered.
    double length() {
        double length = 0;
        for (int i = 0; i < start.length; i++) {
            length += end[i] - start[i];
        }
        return length;
    }

    /// Time from the first start to the last end, 0 where there is nothing.
    double extent() {
        return start.length == 0 ? 0 : end[end.length - 1] - start[0];
    }

    /// Time that both cover.
    double overlap(Spans other) {
        double overlap = 0;
        int i = 0;
        int j = 0;
        while (i < size() && j < other.size()) {
            overlap += Math.max(0, Math.min(end[i], other.end[j]) - Math.max(start[i], other.start[j]));
            if (end[i] < other.end[j]) {
                i++;
            } else {
                j++;
            }
        }
        return overlap;
    }
}
