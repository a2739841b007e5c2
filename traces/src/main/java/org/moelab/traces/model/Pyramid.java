package org.moelab.traces.model;

/// Summaries of a lane over buckets of 16, 32, 64 … events: where they begin and end, busy time, and the name that took
/// most of it.
///
/// Busy time is a running sum, so that of neighbouring buckets is one difference, however many they are. The dominant name of
/// a bucket of a higher level is elected from those of its halves ([MajorityVote]). About 3.5 bytes an event.
final class Pyramid {
    private static final int BASE_SHIFT = 4;
    private static final int BUCKET = 1 << BASE_SHIFT;

    private final Lane lane;
    /// Start of each bucket of the lowest level, and of the events behind the last full one.
    private final long[] start;
    /// End of the last event of each full bucket of the lowest level.
    private final long[] end;
    /// Busy time of all events before each bucket of the lowest level, and before the events behind the last full one.
    private final long[] busyBefore;
    /// By level the elections of its full buckets.
    private final long[][] elections;

    Pyramid(Lane lane) {
        this.lane = lane;
        int full = lane.size() >> BASE_SHIFT;
        start = new long[full + 1];
        end = new long[full];
        busyBefore = new long[full + 1];
        elections = new long[Integer.SIZE - Integer.numberOfLeadingZeros(full)][];
        for (int level = 0; level < elections.length; level++) {
            elections[level] = new long[(full >> level) * MajorityVote.LENGTH];
        }
        MajorityVote vote = new MajorityVote();
        for (int b = 0; b < full; b++) {
            summarize(b, vote);
        }
        int rest = full << BASE_SHIFT;
        start[full] = rest < lane.size() ? lane.start(rest) : Long.MAX_VALUE;
        for (int level = 1; level < elections.length; level++) {
            for (int b = 0; b < full >> level; b++) {
                vote.reset();
                vote.add(elections[level - 1], 2 * b);
                vote.add(elections[level - 1], 2 * b + 1);
                vote.store(elections[level], b);
            }
        }
    }

    private void summarize(int bucket, MajorityVote vote) {
        int first = bucket << BASE_SHIFT;
        long busy = 0;
        vote.reset();
        for (int i = first; i < first + BUCKET; i++) {
            long duration = lane.duration(i);
            busy += duration;
            vote.add(lane.name(i), duration);
        }
        vote.store(elections[0], bucket);
        start[bucket] = lane.start(first);
        end[bucket] = lane.end(first + BUCKET - 1);
        busyBefore[bucket + 1] = busyBefore[bucket] + busy;
    }

    /// Busy time of the events at positions from (inclusive) to (exclusive).
    long busy(int from, int to) {
        return busyBefore(to) - busyBefore(from);
    }

    private long busyBefore(int position) {
        int bucket = position >> BASE_SHIFT;
        long busy = busyBefore[bucket];
        for (int i = bucket << BASE_SHIFT; i < position; i++) {
            busy += lane.duration(i);
        }
        return busy;
    }

    /// The start of the event at a position.
    long start(int position) {
        return beginsBucket(position) ? start[position >> BASE_SHIFT] : lane.start(position);
    }

    private static boolean beginsBucket(int position) {
        return (position & BUCKET - 1) == 0;
    }

    long bytes() {
        long bytes = 8L * (start.length + end.length + busyBefore.length);
        for (long[] level : elections) {
            bytes += 8L * level.length;
        }
        return bytes;
    }

    /// Folds neighbours, on a walk from left to right.
    final class Fold {
        private final long cellNs;
        private final MajorityVote vote = new MajorityVote();
        private long busyNs;
        private long endNs;
        /// A power of two above the number of buckets in the cell before: the next one holds about as many.
        private int reach = 1;

        /// @param cellNs width of all cells
        Fold(long cellNs) {
            this.cellNs = cellNs;
        }

        /// Folds the events from a position on that begin in a cell, up to the first one at least as long as a cell. Where
        /// buckets suffice, the columns are not touched: their cache misses would cost more than all else.
        ///
        /// @param from position of an event that begins in the cell
        /// @param cellEnd where the cell ends
        /// @param latest up to where a bucket that begins in the cell may reach to be taken whole, `cellEnd` or later
        /// @return the position behind the last event taken: `from` where that one is too long
        int fold(int from, long cellEnd, long latest) {
            vote.reset();
            busyNs = 0;
            int i = from;
            if (!beginsBucket(i)) {
                int bucketEnd = bucketEnd(i);
                i = foldEvents(i, bucketEnd, cellEnd);
                if (i < bucketEnd || i == lane.size() || start[i >> BASE_SHIFT] >= cellEnd) {
                    return i;
                }
            }
            i = foldBuckets(i >> BASE_SHIFT, cellEnd, latest) << BASE_SHIFT;
            // what begins in the cell and was not taken whole reaches beyond its end
            return i < lane.size() && start[i >> BASE_SHIFT] < cellEnd ? foldEvents(i, bucketEnd(i), cellEnd) : i;
        }

        private int bucketEnd(int position) {
            return Math.min(lane.size(), (position | BUCKET - 1) + 1);
        }

        private int foldEvents(int from, int to, long cellEnd) {
            // all of the loop's own, so that it stays in registers
            MajorityVote votes = new MajorityVote(vote);
            long busy = busyNs;
            long end = endNs;
            int i = from;
            for (; i < to; i++) {
                int event = lane.event(i);
                long start = lane.startOf(event);
                long duration = lane.durationOf(event);
                if (start >= cellEnd || duration >= cellNs) {
                    break;
                }
                votes.add(lane.nameOf(event), duration);
                busy += duration;
                end = start + duration;
            }
            vote.set(votes);
            busyNs = busy;
            endNs = end;
            return i;
        }

        /// Takes buckets, always the largest that begins where the last one ended and reaches neither beyond `latest` nor
        /// over a whole cell. Shorter than a cell, it holds no event as long as one.
        ///
        /// @return the first bucket of the lowest level that was not taken
        private int foldBuckets(int first, long cellEnd, long latest) {
            int last = lastStartingBy(latest, first);
            int bucket = first;
            while (bucket < last && start[bucket] < cellEnd) {
                int level = Math.min(Integer.numberOfTrailingZeros(bucket), log2(last - bucket));
                long limit = start[bucket] + cellNs;
                while (level >= 0 && start[bucket + (1 << level)] >= limit) {
                    level--;
                }
                if (level < 0) {
                    break;
                }
                vote.add(elections[level], bucket >> level);
                bucket += 1 << level;
            }
            if (bucket > first) {
                busyNs += busyBefore[bucket] - busyBefore[first];
                endNs = end[bucket - 1];
            }
            return bucket;
        }

        /// The last bucket that begins by a time.
        ///
        /// @param from one that does
        private int lastStartingBy(long timeNs, int from) {
            int low = from;
            int span = reach;
            while (span < start.length - low && start[low + span] <= timeNs) {
                low += span;
                span <<= 1;
            }
            span = Math.min(span, start.length - low);
            while (span > 1) {
                int half = span >>> 1;
                low = start[low + half] <= timeNs ? low + half : low;
                span -= half;
            }
            reach = Integer.highestOneBit(low - from | 1) << 1;
            return low;
        }

        private static int log2(int positive) {
            return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(positive);
        }

        /// The busy time of the events.
        long busyNs() {
            return busyNs;
        }

        /// The name that took most of it.
        int name() {
            return vote.name();
        }

        /// Where the last event ends.
        long endNs() {
            return endNs;
        }
    }
}
