package org.moelab.traces.export;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.TreeMap;

/// Spreads slices that come by rising start over threads, so that those of each thread nest. The first thread takes all
/// that it can; of the others the one takes a slice whose innermost open slice encloses it most closely. Logarithmic in the
/// number of threads for each slice, however much the slices overlap.
final class NestingThreads {
    private final OpenSlices first = new OpenSlices(0);
    /// The other threads in which a slice is open, by the end of their innermost one.
    private final TreeMap<Long, Deque<OpenSlices>> byInnermostEnd = new TreeMap<>();
    private final Deque<OpenSlices> idle = new ArrayDeque<>();
    private int threads = 1;

    /// The number of the thread that takes the next slice: 0, or that of a further one.
    int place(long start, long end) {
        first.close(start);
        if (first.accepts(end)) {
            first.open(end);
            return 0;
        }
        closeOthers(start);
        OpenSlices thread = takeEnclosing(end);
        thread.open(end);
        file(thread);
        return thread.number;
    }

    private void closeOthers(long start) {
        while (!byInnermostEnd.isEmpty() && byInnermostEnd.firstKey() <= start) {
            for (OpenSlices thread : byInnermostEnd.pollFirstEntry().getValue()) {
                thread.close(start);
                file(thread);
            }
        }
    }

    private OpenSlices takeEnclosing(long end) {
        Long innermost = byInnermostEnd.ceilingKey(end);
        if (innermost == null) {
            OpenSlices waiting = idle.poll();
            return waiting == null ? new OpenSlices(threads++) : waiting;
        }
        Deque<OpenSlices> enclosing = byInnermostEnd.getOrDefault(innermost, new ArrayDeque<>());
        OpenSlices thread = enclosing.pop();
        if (enclosing.isEmpty()) {
            byInnermostEnd.remove(innermost);
        }
        return thread;
    }

    private void file(OpenSlices thread) {
        if (thread.depth == 0) {
            idle.push(thread);
        } else {
            byInnermostEnd.computeIfAbsent(thread.innermostEnd(), _ -> new ArrayDeque<>()).push(thread);
        }
    }

    /// The ends of a thread's open slices, the innermost last.
    private static final class OpenSlices {
        private final int number;
        private long[] ends = new long[4];
        private int depth;

        OpenSlices(int number) {
            this.number = number;
        }

        /// Ends what is over.
        void close(long start) {
            while (depth > 0 && ends[depth - 1] <= start) {
                depth--;
            }
        }

        boolean accepts(long end) {
            return depth == 0 || end <= ends[depth - 1];
        }

        long innermostEnd() {
            return ends[depth - 1];
        }

        void open(long end) {
            if (depth == ends.length) {
                ends = Arrays.copyOf(ends, depth * 2);
            }
            ends[depth++] = end;
        }
    }
}
