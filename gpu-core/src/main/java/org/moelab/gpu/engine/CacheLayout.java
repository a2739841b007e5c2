package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.moelab.gpu.model.MoeConfig;

/// Where the keys, values and scales of all layers lie in memory that holds some tokens of each. Layers that look back on
/// everything come first: a window over the beginning then holds what is read most.
///
/// @param offsets where a layer's keys begin, its values, and their scales where there are such, in bytes, by layer
/// @param bytes what all take
record CacheLayout(List<List<Long>> offsets, long bytes) {
    /// What the driver aligns allocations to, more than any load of a kernel needs.
    private static final long ALIGNMENT = 256;

    /// @param form what is kept of a token
    /// @param tokens for how many there is room in each layer
    static CacheLayout of(MoeConfig c, CacheForm form, long tokens) {
        long numbers = Math.multiplyExact(tokens, (long) c.kvWidth() * form.bytes());
        long scales = tokens * c.kvHeads() * form.scaleBytes();
        List<Long> arrays = scales > 0 ? List.of(numbers, numbers, scales) : List.of(numbers, numbers);
        List<List<Long>> offsets = new ArrayList<>(Collections.nCopies(c.layers(), List.of()));
        long end = 0;
        for (boolean sliding : new boolean[] { false, true }) {
            for (int l = 0; l < c.layers(); l++) {
                if (c.sliding().get(l) == sliding) {
                    List<Long> begins = new ArrayList<>();
                    for (long size : arrays) {
                        begins.add(end);
                        end = Math.addExact(end, Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT);
                    }
                    offsets.set(l, List.copyOf(begins));
                }
            }
        }
        return new CacheLayout(List.copyOf(offsets), end);
    }

    /// Addresses of a layer's keys, its values, and their scales where there are such.
    ///
    /// @param begin where the memory begins
    long[] addresses(long begin, int layer) {
        return offsets.get(layer).stream().mapToLong(offset -> begin + offset).toArray();
    }
}
