package org.moelab.traces.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gives each event of a track the lowest lane that is free at its start. For events that nest properly this is the
/// nesting depth; for overlapping ones, such as concurrent kernels of a stream, it packs them tightly.
final class Lanes {
    private Lanes() {
    }

    static List<Lane> nest(EventColumns columns, int begin, int end) {
        if (begin == end) {
            return List.of();
        }
        long[] laneEnd = new long[8];
        int[] laneSize = new int[8];
        int used = 0;
        for (int e = begin; e < end; e++) {
            int lane = 0;
            while (lane < used && laneEnd[lane] > columns.start[e]) {
                lane++;
            }
            lane = Math.min(lane, Short.MAX_VALUE);
            if (lane == used) {
                used++;
                if (used > laneEnd.length) {
                    laneEnd = Arrays.copyOf(laneEnd, used * 2);
                    laneSize = Arrays.copyOf(laneSize, used * 2);
                }
            }
            laneEnd[lane] = columns.start[e] + columns.duration[e];
            laneSize[lane]++;
            columns.depth[e] = (short) lane;
        }
        if (used == 1) {
            return List.of(Lane.ofTrack(columns, begin, end - begin));
        }
        int[][] events = new int[used][];
        for (int lane = 0; lane < used; lane++) {
            events[lane] = new int[laneSize[lane]];
        }
        int[] filled = new int[used];
        for (int e = begin; e < end; e++) {
            int lane = columns.depth[e];
            events[lane][filled[lane]++] = e;
        }
        List<Lane> lanes = new ArrayList<>(used);
        for (int[] laneEvents : events) {
            lanes.add(Lane.ofEvents(columns, laneEvents));
        }
        return List.copyOf(lanes);
    }
}
