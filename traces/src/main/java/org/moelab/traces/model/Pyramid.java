package org.moelab.traces.model;

/// Summaries of a lane over buckets of 16, 32, 64 … events: where they begin, busy time, and the name that took most of
/// it.
///
/// The dominant name of a bucket is found by weighted majority vote (Boyer and Moore): a name with more than half of
/// the bucket's busy time always wins, otherwise one of the large ones does. The vote combines, so a level is made from the
/// one below. About 3 bytes an event.
final class Pyramid {
    private static final int BASE_SHIFT = 4;

    private final Lane lane;
    /// Start of each bucket of the lowest level, and of the events behind the last full one.
    private final long[] start;
    private final long[][] busy;
    private final int[][] name;
    private final long[][] weight;

    Pyramid(Lane lane) {
        this.lane = lane;
        int levels = 0;
        for (int n = lane.size() >> BASE_SHIFT; n > 0; n >>= 1) {
            levels++;
        }
        start = new long[(lane.size() >> BASE_SHIFT) + 1];
        for (int b = 0; b < start.length; b++) {
            int first = b << BASE_SHIFT;
            start[b] = first < lane.size() ? lane.start(first) : Long.MAX_VALUE;
        }
        busy = new long[levels][];
        name = new int[levels][];
        weight = new long[levels][];
        for (int level = 0; level < levels; level++) {
            int buckets = lane.size() >> BASE_SHIFT + level;
            busy[level] = new long[buckets];
            name[level] = new int[buckets];
            weight[level] = new long[buckets];
            for (int b = 0; b < buckets; b++) {
                fill(level, b);
            }
        }
    }

    private void fill(int level, int bucket) {
        Vote vote = new Vote();
        if (level == 0) {
            int from = bucket << BASE_SHIFT;
            vote.addEvents(lane, from, from + (1 << BASE_SHIFT));
        } else {
            vote.addBucket(this, level - 1, bucket * 2);
            vote.addBucket(this, level - 1, bucket * 2 + 1);
        }
        busy[level][bucket] = vote.busy;
        name[level][bucket] = vote.name;
        weight[level][bucket] = vote.weight;
    }

    /// Busy time of the events at positions from (inclusive) to (exclusive).
    long busy(int from, int to) {
        Vote vote = new Vote();
        int i = from;
        while (i < to) {
            int level = -1;
            while (level + 1 < busy.length && aligned(i, level + 1) && i + (1L << BASE_SHIFT + level + 1) <= to) {
                level++;
            }
            if (level < 0) {
                int end = Math.min(to, (i >> BASE_SHIFT) + 1 << BASE_SHIFT);
                vote.addEvents(lane, i, end);
                i = end;
            } else {
                vote.addBucket(this, level, i >> BASE_SHIFT + level);
                i += 1 << BASE_SHIFT + level;
            }
        }
        return vote.busy;
    }

    /// Folds the events from a position on that begin in a cell, up to the first one at least as long as a cell.
    ///
    /// @param from position of an event shorter than a cell that begins before `cellEnd`
    /// @param cellEnd where the cell ends
    /// @param latest up to where a bucket that begins in the cell may reach to be taken whole
    /// @param cellNs width of the cell
    /// @param vote receives busy time and dominant name
    /// @return the position behind the last event taken
    int fold(int from, long cellEnd, long latest, long cellNs, Vote vote) {
        vote.reset();
        int i = from;
        while (i < lane.size()) {
            int level = (i & (1 << BASE_SHIFT) - 1) == 0 ? largestWithin(i, cellEnd, latest, cellNs) : -1;
            if (level >= 0) {
                vote.addBucket(this, level, i >> BASE_SHIFT + level);
                i += 1 << BASE_SHIFT + level;
                continue;
            }
            int end = Math.min(lane.size(), (i >> BASE_SHIFT) + 1 << BASE_SHIFT);
            for (; i < end; i++) {
                int event = lane.event(i);
                long duration = lane.durationOf(event);
                if (lane.startOf(event) >= cellEnd || duration >= cellNs) {
                    return i;
                }
                vote.add(lane.nameOf(event), duration);
            }
        }
        return i;
    }

    /// The highest level whose bucket begins at a position and lies within a cell, or -1. Such a bucket spans less than a
    /// cell, so it holds no event as long as one.
    private int largestWithin(int position, long cellEnd, long latest, long cellNs) {
        int bucket = position >> BASE_SHIFT;
        long bucketStart = start[bucket];
        if (bucketStart >= cellEnd) {
            return -1;
        }
        int level = -1;
        while (level + 1 < busy.length && aligned(position, level + 1)) {
            int next = bucket + (1 << level + 1);
            if (next >= start.length || start[next] > latest || start[next] - bucketStart >= cellNs) {
                break;
            }
            level++;
        }
        return level;
    }

    private static boolean aligned(int position, int level) {
        return (position & (1 << BASE_SHIFT + level) - 1) == 0;
    }

    long bytes() {
        long bytes = 8L * start.length;
        for (long[] level : busy) {
            bytes += 20L * level.length;
        }
        return bytes;
    }

    /// Running sum and majority candidate.
    static final class Vote {
        private long busy;
        private int name;
        private long weight = -1;

        void reset() {
            busy = 0;
            name = 0;
            weight = -1;
        }

        /// The busy time of what was added.
        long busy() {
            return busy;
        }

        /// The name that took most of it.
        int name() {
            return name;
        }

        void addEvents(Lane lane, int from, int to) {
            for (int i = from; i < to; i++) {
                add(lane.name(i), lane.duration(i));
            }
        }

        void addBucket(Pyramid pyramid, int level, int bucket) {
            busy += pyramid.busy[level][bucket];
            elect(pyramid.name[level][bucket], pyramid.weight[level][bucket]);
        }

        void add(int candidate, long duration) {
            busy += duration;
            elect(candidate, duration);
        }

        private void elect(int candidate, long votes) {
            if (weight < 0 || candidate == name) {
                name = candidate;
                weight = Math.max(0, weight) + votes;
            } else if (votes > weight) {
                name = candidate;
                weight = votes - weight;
            } else {
                weight -= votes;
            }
        }
    }
}
