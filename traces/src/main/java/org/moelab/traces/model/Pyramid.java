package org.moelab.traces.model;

/// Summaries of a lane over buckets of 16, 32, 64 … events: where they begin and end, busy time, and the name that took
/// most of it.
///
/// The dominant name of a bucket is found by weighted majority vote (Boyer and Moore): a name with more than half of
/// the bucket's busy time always wins, otherwise one of the large ones does. The vote combines, so a level is made from the
/// one below. About 4 bytes an event.
final class Pyramid {
    private static final int BASE_SHIFT = 4;
    /// Columns of a bucket, side by side in [#levels]: what is read together lies together.
    private static final int BUSY = 0;
    private static final int WEIGHT = 1;
    private static final int NAME = 2;
    private static final int COLUMNS = 3;

    private final Lane lane;
    /// Start of each bucket of the lowest level, and of the events behind the last full one.
    private final long[] start;
    /// End of the last event of each full bucket of the lowest level.
    private final long[] end;
    /// By level: busy time, weight of the vote, and name of each full bucket.
    private final long[][] levels;

    Pyramid(Lane lane) {
        this.lane = lane;
        start = new long[(lane.size() >> BASE_SHIFT) + 1];
        for (int b = 0; b < start.length; b++) {
            int first = b << BASE_SHIFT;
            start[b] = first < lane.size() ? lane.start(first) : Long.MAX_VALUE;
        }
        end = new long[lane.size() >> BASE_SHIFT];
        for (int b = 0; b < end.length; b++) {
            int last = (b + 1 << BASE_SHIFT) - 1;
            end[b] = lane.start(last) + lane.duration(last);
        }
        levels = new long[Integer.SIZE - Integer.numberOfLeadingZeros(lane.size() >> BASE_SHIFT)][];
        Vote vote = new Vote();
        for (int level = 0; level < levels.length; level++) {
            int buckets = lane.size() >> BASE_SHIFT + level;
            levels[level] = new long[buckets * COLUMNS];
            for (int b = 0; b < buckets; b++) {
                vote.reset();
                fill(level, b, vote);
            }
        }
    }

    private void fill(int level, int bucket, Vote vote) {
        if (level == 0) {
            int from = bucket << BASE_SHIFT;
            vote.addEvents(lane, from, from + (1 << BASE_SHIFT));
        } else {
            vote.addBucket(levels[level - 1], bucket * 2);
            vote.addBucket(levels[level - 1], bucket * 2 + 1);
        }
        levels[level][bucket * COLUMNS + BUSY] = vote.busy;
        levels[level][bucket * COLUMNS + WEIGHT] = vote.weight;
        levels[level][bucket * COLUMNS + NAME] = vote.name;
    }

    /// Busy time of the events at positions from (inclusive) to (exclusive).
    long busy(int from, int to) {
        Vote vote = new Vote();
        int i = from;
        while (i < to) {
            int level = -1;
            while (level + 1 < levels.length && aligned(i, level + 1) && i + (1L << BASE_SHIFT + level + 1) <= to) {
                level++;
            }
            if (level < 0) {
                int end = Math.min(to, (i >> BASE_SHIFT) + 1 << BASE_SHIFT);
                vote.addEvents(lane, i, end);
                i = end;
            } else {
                vote.addBucket(levels[level], i >> BASE_SHIFT + level);
                i += 1 << BASE_SHIFT + level;
            }
        }
        return vote.busy;
    }

    /// Folds the events from a position on that begin in a cell, up to the first one at least as long as a cell.
    /// A bucket that reaches at most a quarter of a cell beyond the edge is taken whole. Where buckets suffice, the
    /// columns are not touched: their cache misses would cost more than all else.
    ///
    /// @param from position of an event that begins before `cellEnd`
    /// @param cellEnd where the cell ends
    /// @param latest up to where a bucket that begins in the cell may reach to be taken whole
    /// @param cellNs width of the cell
    /// @param fold receives what was folded
    /// @return the position behind the last event taken: `from` where that one is too long
    int fold(int from, long cellEnd, long latest, long cellNs, Fold fold) {
        fold.vote.reset();
        int i = from;
        while (i < lane.size()) {
            if (aligned(i, 0) && start[i >> BASE_SHIFT] >= cellEnd) {
                return i;
            }
            int level = largestWithin(i, latest, cellNs);
            if (level >= 0) {
                fold.vote.addBucket(levels[level], i >> BASE_SHIFT + level);
                i += 1 << BASE_SHIFT + level;
                fold.endNs = end[(i >> BASE_SHIFT) - 1];
                continue;
            }
            int bucketEnd = Math.min(lane.size(), (i >> BASE_SHIFT) + 1 << BASE_SHIFT);
            for (; i < bucketEnd; i++) {
                int event = lane.event(i);
                long start = lane.startOf(event);
                long duration = lane.durationOf(event);
                if (start >= cellEnd || duration >= cellNs) {
                    return i;
                }
                fold.vote.add(lane.nameOf(event), duration);
                fold.endNs = start + duration;
            }
        }
        return i;
    }

    /// The start of the event at a position.
    long start(int position) {
        return aligned(position, 0) ? start[position >> BASE_SHIFT] : lane.start(position);
    }

    /// The highest level whose bucket begins at a position and lies within a cell, or -1. Such a bucket spans less than a
    /// cell, so it holds no event as long as one.
    private int largestWithin(int position, long latest, long cellNs) {
        int bucket = position >> BASE_SHIFT;
        long limit = Math.min(latest, start[bucket] + cellNs - 1);
        int level = -1;
        while (level + 1 < levels.length && aligned(position, level + 1)) {
            int next = bucket + (1 << level + 1);
            if (next >= start.length || start[next] > limit) {
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
        long bytes = 8L * (start.length + end.length);
        for (long[] level : levels) {
            bytes += 8L * level.length;
        }
        return bytes;
    }

    /// What was folded into one slice.
    static final class Fold {
        private final Vote vote = new Vote();
        private long endNs;

        /// The busy time of the events.
        long busyNs() {
            return vote.busy;
        }

        /// The name that took most of it.
        int name() {
            return vote.name;
        }

        /// Where the last event ends.
        long endNs() {
            return endNs;
        }
    }

    /// Running sum and majority candidate.
    private static final class Vote {
        private long busy;
        private int name;
        private long weight = -1;

        void reset() {
            busy = 0;
            name = 0;
            weight = -1;
        }

        void addEvents(Lane lane, int from, int to) {
            for (int i = from; i < to; i++) {
                add(lane.name(i), lane.duration(i));
            }
        }

        void addBucket(long[] level, int bucket) {
            busy += level[bucket * COLUMNS + BUSY];
            elect((int) level[bucket * COLUMNS + NAME], level[bucket * COLUMNS + WEIGHT]);
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
