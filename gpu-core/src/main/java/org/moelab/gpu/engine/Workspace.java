package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.model.MoeConfig;

/// The buffers of one session: what is remembered of the sequences, and what a step computes with.
final class Workspace implements AutoCloseable {
    private static final long FLOAT = 4;
    private static final long BF16 = 2;
    private static final long INT = 4;

    private final CudaContext context;
    private final List<DeviceBuffer> buffers = new ArrayList<>();
    private final Map<String, DeviceBuffer> rooms = new HashMap<>();
    final Arena arena = Arena.ofShared();
    final List<DeviceBuffer> keys = new ArrayList<>();
    final List<DeviceBuffer> values = new ArrayList<>();
    final DeviceBuffer ids;
    final DeviceBuffer positions;
    final DeviceBuffer sequences;
    final DeviceBuffer inverseFrequencies;
    final DeviceBuffer hidden;
    final DeviceBuffer normed;
    final DeviceBuffer qkv;
    final DeviceBuffer mixed;
    final DeviceBuffer delta;
    final DeviceBuffer scores;
    final DeviceBuffer routerLogits;
    final DeviceBuffer experts;
    final DeviceBuffer routing;
    final DeviceBuffer rows;
    final DeviceBuffer slots;
    final DeviceBuffer gathered;
    final DeviceBuffer gateUp;
    final DeviceBuffer activated;
    final DeviceBuffer expertOut;
    final DeviceBuffer logits;
    /// The tokens chosen, by sequence and position, one place beyond the last that a sequence can hold.
    final DeviceBuffer chosen;

    /// @param capacity tokens that each sequence can grow to
    /// @param longestStep the most tokens that a step adds to each sequence
    Workspace(CudaContext context, MoeConfig c, int sequenceCount, int capacity, int longestStep) {
        this.context = context;
        int tokens = Math.multiplyExact(sequenceCount, longestStep);
        long slotCount = (long) tokens * c.chosen();
        for (int l = 0; l < c.layers(); l++) {
            keys.add(take("kv cache", (long) sequenceCount * capacity * c.kvWidth() * BF16));
            values.add(take("kv cache", (long) sequenceCount * capacity * c.kvWidth() * BF16));
        }
        ids = take("activations", tokens * INT);
        positions = take("activations", tokens * INT);
        sequences = take("activations", tokens * INT);
        inverseFrequencies = take("activations", c.headSize() / 2 * FLOAT);
        hidden = take("activations", (long) tokens * c.hidden() * FLOAT);
        normed = take("activations", (long) tokens * c.hidden() * BF16);
        qkv = take("activations", (long) tokens * c.qkvWidth() * BF16);
        mixed = take("activations", (long) tokens * c.queryWidth() * BF16);
        delta = take("activations", (long) tokens * c.hidden() * BF16);
        scores = take("activations", (long) c.queryHeads() * longestStep * capacity * FLOAT);
        routerLogits = take("activations", (long) tokens * c.experts() * FLOAT);
        experts = take("activations", slotCount * INT);
        routing = take("activations", slotCount * FLOAT);
        rows = take("activations", slotCount * INT);
        slots = take("activations", slotCount * INT);
        gathered = take("activations", (long) tokens * c.hidden() * BF16);
        gateUp = take("activations", (long) tokens * 2 * c.intermediate() * FLOAT);
        activated = take("activations", slotCount * c.intermediate() * BF16);
        expertOut = take("activations", (long) tokens * c.hidden() * BF16);
        logits = take("activations", (long) sequenceCount * c.vocabulary() * FLOAT);
        chosen = take("activations", sequenceCount * (capacity + 1L) * INT);
    }

    private DeviceBuffer take(String purpose, long bytes) {
        try {
            DeviceBuffer buffer = context.allocate(purpose, bytes);
            buffers.add(buffer);
            return buffer;
        } catch (CudaException e) {
            close(); // what was taken so far would stay held until the context closes
            throw e;
        }
    }

    /// Overwrites all that a step computes, and the cache, with bytes that are not-a-number in every floating-point type: a
    /// kernel that reads what none has written is then found out.
    void poison(CudaStream stream) {
        buffers.stream().filter(buffer -> buffer != inverseFrequencies)
                .forEach(buffer -> buffer.fill((byte) 0xFF, stream));
    }

    /// Memory that only some techniques need, taken when first asked for and shared by all who ask for the same.
    DeviceBuffer room(String purpose, long bytes) {
        return rooms.computeIfAbsent(purpose, name -> {
            DeviceBuffer buffer = context.allocate(name, bytes);
            buffers.add(buffer);
            return buffer;
        });
    }

    /// Host memory for so many 32-bit integers.
    MemorySegment ints(long count) {
        return arena.allocate(ValueLayout.JAVA_INT, count);
    }

    @Override
    public void close() {
        buffers.forEach(DeviceBuffer::close);
        arena.close();
    }
}
