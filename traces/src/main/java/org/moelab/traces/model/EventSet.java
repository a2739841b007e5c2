package org.moelab.traces.model;

import java.util.Arrays;

/// An immutable set of events, numbered by rising event: a list of them, or a bit for each event where that is smaller.
final class EventSet {
    private static final int WORDS_A_BLOCK = 8;

    private final int size;
    /// The events, where they are few.
    private final int[] list;
    /// A bit an event from `first` on, where they are many, and how many stand before each block of words.
    private final int first;
    private final long[] bits;
    private final int[] before;

    /// @param events rising; the array may be kept
    EventSet(int[] events) {
        size = events.length;
        long range = size == 0 ? 0 : (long) events[size - 1] - events[0] + 1;
        if (size == 0 || range / 8 + range / (WORDS_A_BLOCK * 16) >= 4L * size) {
            list = events;
            first = 0;
            bits = new long[0];
            before = new int[0];
            return;
        }
        list = new int[0];
        first = events[0];
        int blocks = (int) ((range + WORDS_A_BLOCK * 64 - 1) / (WORDS_A_BLOCK * 64));
        bits = new long[blocks * WORDS_A_BLOCK];
        before = new int[blocks + 1];
        for (int event : events) {
            int bit = event - first;
            bits[bit >>> 6] |= 1L << bit;
            before[(bit >>> 6) / WORDS_A_BLOCK + 1]++;
        }
        for (int block = 0; block < blocks; block++) {
            before[block + 1] += before[block];
        }
    }

    int size() {
        return size;
    }

    /// The i-th event.
    int event(int i) {
        if (bits.length == 0) {
            return list[i];
        }
        if (i < 0 || i >= size) {
            throw new IndexOutOfBoundsException(i);
        }
        int block = Arrays.binarySearch(before, i);
        if (block < 0) {
            block = -block - 2;
        }
        while (before[block + 1] == before[block]) {
            block++;
        }
        int left = i - before[block];
        int word = block * WORDS_A_BLOCK;
        while (Long.bitCount(bits[word]) <= left) {
            left -= Long.bitCount(bits[word++]);
        }
        long w = bits[word];
        for (int k = 0; k < left; k++) {
            w &= w - 1;
        }
        return first + word * 64 + Long.numberOfTrailingZeros(w);
    }

    /// The number of an event, or -1 where the set lacks it.
    int find(int event) {
        if (bits.length == 0) {
            return Math.max(-1, Arrays.binarySearch(list, event));
        }
        int bit = event - first;
        if (bit < 0 || bit >= bits.length * 64L || (bits[bit >>> 6] >>> bit & 1) == 0) {
            return -1;
        }
        int block = (bit >>> 6) / WORDS_A_BLOCK;
        int number = before[block];
        for (int word = block * WORDS_A_BLOCK; word < bit >>> 6; word++) {
            number += Long.bitCount(bits[word]);
        }
        return number + Long.bitCount(bits[bit >>> 6] & (1L << bit) - 1);
    }

    long bytes() {
        return 4L * list.length + 8L * bits.length + 4L * before.length;
    }
}
