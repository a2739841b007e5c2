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
        LaneEnds ends = new LaneEnds();
        int[] laneSize = new int[8];
        for (int e = begin; e < end; e++) {
            int lane = ends.place(columns.start[e], columns.start[e] + columns.duration[e]);
            if (lane == laneSize.length) {
                laneSize = Arrays.copyOf(laneSize, lane * 2);
            }
            laneSize[lane]++;
            columns.depth[e] = (short) lane;
        }
        int used = ends.used();
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

    /// When each lane becomes free. Lanes are looked through in groups, so that thousands of open events cost little.
    private static final class LaneEnds {
        private static final int GROUP = 64;
        private static final int MOST = Short.MAX_VALUE + 1;

        private long[] end = new long[8];
        private long[] firstEndOfGroup = new long[1];
        private int used;

        /// The lowest lane free at a time, taken until another.
        int place(long from, long to) {
            int lane = 0;
            while (lane < used && end[lane] > from) {
                boolean skipsGroup = lane % GROUP == 0 && firstEndOfGroup[lane / GROUP] > from;
                lane += skipsGroup ? GROUP : 1;
            }
            lane = Math.min(lane, Math.min(used, MOST - 1));
            if (lane == used) {
                add();
            }
            end[lane] = to;
            int group = lane / GROUP;
            long first = Long.MAX_VALUE;
            for (int i = group * GROUP; i < Math.min(used, (group + 1) * GROUP); i++) {
                first = Math.min(first, end[i]);
            }
            firstEndOfGroup[group] = first;
            return lane;
        }

        private void add() {
            if (used == end.length) {
                end = Arrays.copyOf(end, used * 2);
                firstEndOfGroup = Arrays.copyOf(firstEndOfGroup, end.length / GROUP + 1);
            }
            used++;
        }

        int used() {
            return used;
        }
    }
}
