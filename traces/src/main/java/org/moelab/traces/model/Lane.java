package org.moelab.traces.model;

/// The events of one track at one nesting depth: they do not overlap, so start and end both rise.
/// A pyramid of summaries over power-of-two buckets answers sums and level of detail without a scan.
public final class Lane {
    private final EventColumns columns;
    private final int first;
    private final int size;
    /// Event of each position, or empty where the lane is the whole track and positions are consecutive.
    private final int[] events;
    private final Pyramid pyramid;

    private Lane(EventColumns columns, int first, int size, int[] events) {
        this.columns = columns;
        this.first = first;
        this.size = size;
        this.events = events;
        this.pyramid = new Pyramid(this);
    }

    static Lane ofTrack(EventColumns columns, int first, int size) {
        return new Lane(columns, first, size, new int[0]);
    }

    static Lane ofEvents(EventColumns columns, int[] events) {
        return new Lane(columns, 0, events.length, events);
    }

    /// Number of events.
    public int size() {
        return size;
    }

    /// The event at a position.
    public int event(int position) {
        return events.length == 0 ? first + position : events[position];
    }

    long start(int position) {
        return columns.start[event(position)];
    }

    long duration(int position) {
        return columns.duration[event(position)];
    }

    int name(int position) {
        return columns.name[event(position)];
    }

    long end(int position) {
        int e = event(position);
        return columns.start[e] + columns.duration[e];
    }

    long startOf(int event) {
        return columns.start[event];
    }

    long durationOf(int event) {
        return columns.duration[event];
    }

    int nameOf(int event) {
        return columns.name[event];
    }

    /// Position of the last event that starts at or before a time, or -1.
    public int lastStartingAtOrBefore(long timeNs) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (start(middle) <= timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /// Position of the first event that ends after a time, or [#size()].
    public int firstEndingAfter(long timeNs) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (end(middle) > timeNs) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Position of the first event at or after `from` that starts at or after a time. Gallops, so that a sweep over
    /// a view costs the logarithm of what it skips.
    private int firstStartingAtOrAfter(long timeNs, int from) {
        int step = 1;
        int low = from;
        int high = from;
        while (high < size && start(high) < timeNs) {
            low = high + 1;
            high = from + step;
            step <<= 1;
        }
        high = Math.min(high, size);
        while (low < high) {
            int middle = low + high >>> 1;
            if (start(middle) < timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Receives what is to be drawn.
    @FunctionalInterface
    public interface SliceConsumer {
        /// One slice: an event, or several too short to be told apart.
        ///
        /// @param position position of the first event in the lane
        /// @param count how many events it stands for
        /// @param startNs where it begins
        /// @param endNs where its last event ends
        /// @param busyNs how much of that is busy
        /// @param name the name that took most of it, an index into the string table
        void slice(int position, int count, long startNs, long endNs, long busyNs, int name);
    }

    /// Walks the events that touch a time range, in order. Every event belongs to exactly one slice; an event at least as
    /// long as the resolution has a slice of its own, and so has one that begins before the range. Shorter neighbours that
    /// begin in the same cell of that width are folded into one slice. Where a cell holds many events its right edge may
    /// lie up to a quarter of a cell late, so that the walk costs what the cells cost and not what the events cost.
    ///
    /// @param resolutionNs width of a cell, usually the time of one pixel; at least 1
    public void forEachSlice(long fromNs, long toNs, long resolutionNs, SliceConsumer consumer) {
        int i = Math.min(firstEndingAfter(fromNs), lastStartingAtOrBefore(fromNs - 1) + 1);
        while (i < size && start(i) < fromNs) {
            consumer.slice(i, 1, start(i), end(i), duration(i), name(i));
            i++;
        }
        Pyramid.Fold fold = pyramid.new Fold(resolutionNs);
        while (i < size) {
            long start = pyramid.start(i);
            if (start >= toNs) {
                return;
            }
            long cellEnd = Math.min(toNs, fromNs + ((start - fromNs) / resolutionNs + 1) * resolutionNs);
            long latest = Math.min(toNs, cellEnd + (resolutionNs >> 2));
            int foldEnd = fold.fold(i, cellEnd, latest);
            if (foldEnd == i) {
                consumer.slice(i, 1, start, end(i), duration(i), name(i));
                i++;
            } else {
                consumer.slice(i, foldEnd - i, start, fold.endNs(), fold.busyNs(), fold.name());
                i = foldEnd;
            }
        }
    }

    /// Busy time within a time range, exact at its edges.
    public long busyNs(long fromNs, long toNs) {
        int i = firstEndingAfter(fromNs);
        int j = firstStartingAtOrAfter(toNs, i);
        if (i >= j) {
            return 0;
        }
        long busy = pyramid.busy(i, j);
        busy -= Math.max(0, fromNs - start(i));
        busy -= Math.max(0, end(j - 1) - toNs);
        return busy;
    }

    /// How many events touch a time range.
    public int count(long fromNs, long toNs) {
        int i = firstEndingAfter(fromNs);
        return firstStartingAtOrAfter(toNs, i) - i;
    }

    long bytes() {
        return 4L * events.length + pyramid.bytes();
    }
}
