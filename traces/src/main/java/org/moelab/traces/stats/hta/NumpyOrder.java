package org.moelab.traces.stats.hta;

import java.util.Arrays;

/// The order into which NumPy's `argsort` puts numbers where the processor lends it no vector code for that. It is not
/// stable: where equal numbers end up depends on all others. HolisticTraceAnalysis sorts launches and kernels by time
/// with it and counts in the order that results, so that figures equal to its own need the very same order.
///
/// The algorithm is introsort: quicksort by the median of first, middle and last; insertion sort for sixteen or fewer;
/// heapsort for larger parts that nest deeper than twice the binary logarithm of the size.
final class NumpyOrder {
    private static final int INSERTION_LIMIT = 16;

    private final double[] keys;
    private final int[] order;

    private NumpyOrder(double[] keys) {
        this.keys = keys;
        this.order = new int[keys.length];
        Arrays.setAll(order, i -> i);
    }

    /// Positions by rising key.
    static int[] of(double[] keys) {
        NumpyOrder numpy = new NumpyOrder(keys);
        if (keys.length > 1) {
            numpy.sort(0, keys.length - 1, 2 * (31 - Integer.numberOfLeadingZeros(keys.length)));
        }
        return numpy.order;
    }

    /// Sorts from `from` to `to`, both included. The larger part of each partition is sorted in a call of its own, which
    /// looks at the depth; the smaller one is gone on with, whatever the depth.
    private void sort(int from, int to, int depth) {
        if (depth < 0) {
            heapSort(from, to - from + 1);
            return;
        }
        int low = from;
        int high = to;
        int left = depth;
        while (high - low >= INSERTION_LIMIT) {
            int middle = partition(low, high);
            left--;
            if (middle - low < high - middle) {
                sort(middle + 1, high, left);
                high = middle - 1;
            } else {
                sort(low, middle - 1, left);
                low = middle + 1;
            }
        }
        insertionSort(low, high);
    }

    /// Puts smaller keys before, larger ones behind a pivot, and gives its place.
    private int partition(int from, int to) {
        int middle = from + (to - from >> 1);
        orderPair(from, middle);
        orderPair(middle, to);
        orderPair(from, middle);
        double pivot = key(middle);
        int i = from;
        int j = to - 1;
        swap(middle, j);
        while (true) {
            do {
                i++;
            } while (key(i) < pivot);
            do {
                j--;
            } while (pivot < key(j));
            if (i >= j) {
                break;
            }
            swap(i, j);
        }
        swap(i, to - 1);
        return i;
    }

    private void insertionSort(int from, int to) {
        for (int i = from + 1; i <= to; i++) {
            int moved = order[i];
            int j = i;
            while (j > from && keys[moved] < key(j - 1)) {
                order[j] = order[j - 1];
                j--;
            }
            order[j] = moved;
        }
    }

    private void heapSort(int from, int size) {
        for (int root = size >> 1; root > 0; root--) {
            sink(from, order[from + root - 1], root, size);
        }
        for (int rest = size - 1; rest > 0; rest--) {
            int last = order[from + rest];
            order[from + rest] = order[from];
            sink(from, last, 1, rest);
        }
    }

    /// Lets an entry sink from a place of the heap, counted from 1, until no child is larger.
    private void sink(int from, int entry, int root, int size) {
        int place = root;
        for (int child = 2 * place; child <= size; child = 2 * place) {
            if (child < size && key(from + child - 1) < key(from + child)) {
                child++;
            }
            if (!(keys[entry] < key(from + child - 1))) {
                break;
            }
            order[from + place - 1] = order[from + child - 1];
            place = child;
        }
        order[from + place - 1] = entry;
    }

    private double key(int place) {
        return keys[order[place]];
    }

    private void orderPair(int a, int b) {
        if (key(b) < key(a)) {
            swap(a, b);
        }
    }

    private void swap(int a, int b) {
        int entry = order[a];
        order[a] = order[b];
        order[b] = entry;
    }
}
