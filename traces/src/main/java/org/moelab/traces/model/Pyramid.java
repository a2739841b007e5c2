package org.moelab.traces.model;

/// Summaries of a lane over buckets of 16, 32, 64 … events: busy time, and the name that took most of it.
///
/// The dominant name of a bucket is found by weighted majority vote (Boyer and Moore): a name with more than half of
/// the bucket's busy time always wins, otherwise one of the large ones does. The vote combines, so a level is made from the
/// one below. About 2.5 bytes an event.
final class Pyramid {
    private static final int BASE_SHIFT = 4;

    private final Lane lane;
    private final long[][] busy;
    private final int[][] name;
    private final long[][] weight;

    Pyramid(Lane lane) {
        this.lane = lane;
        int levels = 0;
        for (int n = lane.size() >> BASE_SHIFT; n > 0; n >>= 1) {
            levels++;
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
        return vote(from, to).busy;
    }

    /// The name that dominates those positions.
    int dominantName(int from, int to) {
        return vote(from, to).name;
    }

    private Vote vote(int from, int to) {
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
        return vote;
    }

    private static boolean aligned(int position, int level) {
        return (position & (1 << BASE_SHIFT + level) - 1) == 0;
    }

    long bytes() {
        long bytes = 0;
        for (long[] level : busy) {
            bytes += 20L * level.length;
        }
        return bytes;
    }

    /// Running sum and majority candidate.
    private static final class Vote {
        private long busy;
        private int name;
        private long weight = -1;

        void addEvents(Lane lane, int from, int to) {
            for (int i = from; i < to; i++) {
                long duration = lane.duration(i);
                busy += duration;
                add(lane.name(i), duration);
            }
        }

        void addBucket(Pyramid pyramid, int level, int bucket) {
            busy += pyramid.busy[level][bucket];
            add(pyramid.name[level][bucket], pyramid.weight[level][bucket]);
        }

        private void add(int candidate, long votes) {
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
