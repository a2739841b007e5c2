package org.moelab.traces.model;

/// A stable merge sort of indices by a comparison, quick on runs that are already in order.
public final class IntSort {
    /// Compares two indices.
    @FunctionalInterface
    public interface Order {
        /// Negative where a comes first, positive where b does, 0 where they keep their order.
        int compare(int a, int b);
    }

    private static final int INSERTION_LIMIT = 16;

    private IntSort() {
    }

    /// Sorts the indices; equal ones keep their order.
    public static void sort(int[] indices, Order order) {
        sort(indices, 0, indices.length, order);
    }

    static void sort(int[] indices, int from, int to, Order order) {
        if (isSorted(indices, from, to, order)) {
            return;
        }
        mergeSort(indices, from, to, new int[to - from], from, order);
    }

    private static boolean isSorted(int[] a, int from, int to, Order order) {
        for (int i = from + 1; i < to; i++) {
            if (order.compare(a[i - 1], a[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    private static void mergeSort(int[] a, int from, int to, int[] buffer, int base, Order order) {
        if (to - from <= INSERTION_LIMIT) {
            insertionSort(a, from, to, order);
            return;
        }
        int middle = from + to >>> 1;
        mergeSort(a, from, middle, buffer, base, order);
        mergeSort(a, middle, to, buffer, base, order);
        if (order.compare(a[middle - 1], a[middle]) <= 0) {
            return;
        }
        int left = middle - from;
        System.arraycopy(a, from, buffer, from - base, left);
        int i = from - base;
        int endLeft = i + left;
        int j = middle;
        int out = from;
        while (i < endLeft && j < to) {
            a[out++] = order.compare(buffer[i], a[j]) <= 0 ? buffer[i++] : a[j++];
        }
        System.arraycopy(buffer, i, a, out, endLeft - i);
    }

    private static void insertionSort(int[] a, int from, int to, Order order) {
        for (int i = from + 1; i < to; i++) {
            int v = a[i];
            int j = i - 1;
            while (j >= from && order.compare(a[j], v) > 0) {
                a[j + 1] = a[j];
                j--;
            }
            a[j + 1] = v;
        }
    }
}
