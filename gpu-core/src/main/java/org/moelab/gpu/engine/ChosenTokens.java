package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaEvent;
import org.moelab.gpu.cuda.CudaStream;

/// The tokens that a session has chosen: on the device, and how they come to the host.
///
/// With a queue for copies they travel while the next step runs, each position to a place of its own in page-locked memory;
/// without one the copy lies between the steps, and the host waits for it.
final class ChosenTokens implements AutoCloseable {
    private final CudaContext context;
    private final Workspace w;
    private final CudaStream kernels;
    private final Optional<CopyQueue> queue;
    private final int sequences;
    private final MemorySegment landed; // (positions, sequences)
    private final CudaEvent chosen;
    private final Map<Integer, CudaEvent> arrivals = new HashMap<>();
    private final List<Integer> positions = new ArrayList<>();

    /// @param kernels the stream that the choice is put into
    ChosenTokens(CudaContext context, Workspace w, CudaStream kernels, Optional<CopyQueue> queue, int sequences,
            int capacity) {
        this.context = context;
        this.w = w;
        this.kernels = kernels;
        this.queue = queue;
        this.sequences = sequences;
        this.landed = w.host.ints("tokens", sequences * (capacity + 1L));
        this.chosen = context.signal();
    }

    /// A token of each sequence was put in to be chosen for this position.
    void add(int position) {
        positions.add(position);
    }

    /// Sends those added last to the host.
    ///
    /// @throws IllegalStateException where there are none
    Session.Arrival bringLast() {
        if (positions.isEmpty()) {
            throw new IllegalStateException("no tokens were chosen");
        }
        int position = positions.getLast();
        long bytes = (long) sequences * Integer.BYTES;
        MemorySegment row = landed.asSlice(position * bytes, bytes);
        if (queue.isEmpty()) {
            w.chosen.download(row, position * bytes, kernels);
            kernels.synchronize();
            return Session.Arrival.of(row.toArray(ValueLayout.JAVA_INT));
        }
        CudaStream copies = queue.get().copies();
        chosen.record(kernels);
        queue.get().await(copies, chosen);
        w.chosen.download(row, position * bytes, copies);
        CudaEvent there = arrivals.computeIfAbsent(position, _ -> context.signal());
        there.record(copies);
        return new Underway(there, row);
    }

    private record Underway(CudaEvent there, MemorySegment row) implements Session.Arrival {
        @Override
        public boolean isThere() {
            return there.isReached();
        }

        @Override
        public int[] tokens() {
            there.synchronize();
            return row.toArray(ValueLayout.JAVA_INT);
        }
    }

    /// All of them, a row a sequence; waits for all steps.
    int[][] all() {
        w.chosen.download(landed, kernels);
        kernels.synchronize();
        int[][] tokens = new int[sequences][positions.size()];
        for (int s = 0; s < sequences; s++) {
            for (int i = 0; i < positions.size(); i++) {
                tokens[s][i] = landed.getAtIndex(ValueLayout.JAVA_INT, (long) positions.get(i) * sequences + s);
            }
        }
        return tokens;
    }

    /// Forgets them; waits for those under way.
    void clear() {
        settle();
        positions.clear();
    }

    /// Waits until nothing is under way.
    private void settle() {
        queue.ifPresent(q -> q.copies().synchronize());
    }

    /// Waits for those under way, whose memory may then be given back.
    @Override
    public void close() {
        settle();
        chosen.close();
        arrivals.values().forEach(CudaEvent::close);
    }
}
