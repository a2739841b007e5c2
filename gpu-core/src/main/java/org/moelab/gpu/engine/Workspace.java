package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceArena;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.DeviceMemory;
import org.moelab.gpu.cuda.DeviceSlice;
import org.moelab.gpu.model.MoeConfig;

/// The memory of one session: what is remembered of the sequences, and what a step computes with, each one allocation.
final class Workspace implements AutoCloseable {
    private static final long FLOAT = 4;
    private static final long BF16 = 2;
    private static final long INT = 4;
    private static final long ADDRESS = 8;
    /// The most parts of a row of logits that the choice of a token looks at side by side.
    static final int MAX_PARTS = 512;

    private final CudaContext context;
    private final DeviceMemory memory;
    private final Held held = new Held();
    private final Map<String, DeviceBuffer> rooms = new HashMap<>();
    private final DeviceArena activations;
    private final long slotCount;
    /// Native memory for parameters of launches.
    final Arena arena = Arena.ofShared();
    /// The host's side of copies.
    final HostBuffers host;
    final KeyValueCache cache;
    final DeviceSlice inverseFrequencies;
    final DeviceSlice ids;
    final DeviceSlice positions;
    final DeviceSlice sequences;
    final DeviceSlice hidden;
    final DeviceSlice normed;
    final DeviceSlice qkv;
    final DeviceSlice mixed;
    final DeviceSlice delta;
    final DeviceSlice scores;
    final DeviceSlice routerLogits;
    final DeviceSlice experts;
    final DeviceSlice routing;
    final DeviceSlice rows;
    final DeviceSlice slots;
    final DeviceSlice gathered;
    final DeviceSlice gateUp;
    final DeviceSlice activated;
    final DeviceSlice expertOut;
    /// Six lists of addresses of the batched products of [SlotExperts].
    final DeviceSlice slotAddresses;
    final DeviceSlice logits;
    final DeviceSlice partValues;
    final DeviceSlice partIndices;
    /// The same of logits that were looked at again.
    final DeviceSlice exactPartValues;
    final DeviceSlice exactPartIndices;
    /// The tokens chosen, (positions, sequences), one position beyond the last that a sequence can hold.
    final DeviceSlice chosen;

    /// @param memory where device memory is taken
    /// @param capacity tokens that each sequence can grow to
    /// @param longestStep the most tokens that a step adds to each sequence
    /// @param form what the key-value cache holds
    /// @param paged whether that lies in pages
    /// @param pinned whether copies go through page-locked memory
    Workspace(CudaContext context, DeviceMemory memory, MoeConfig c, int sequenceCount, int capacity, int longestStep,
            CacheForm form, boolean paged, boolean pinned) {
        this.context = context;
        this.memory = memory;
        held.take(arena, Arena::close);
        int tokens = Math.multiplyExact(sequenceCount, longestStep);
        slotCount = (long) tokens * c.chosen();
        DeviceArena constants = held.take(new DeviceArena(memory, "constants"), DeviceArena::close);
        inverseFrequencies = constants.reserve(c.headSize() / 2 * FLOAT);
        activations = held.take(new DeviceArena(memory, "activations"), DeviceArena::close);
        ids = activations.reserve(tokens * INT);
        positions = activations.reserve(tokens * INT);
        sequences = activations.reserve(tokens * INT);
        hidden = activations.reserve((long) tokens * c.hidden() * FLOAT);
        normed = activations.reserve((long) tokens * c.hidden() * BF16);
        qkv = activations.reserve((long) tokens * c.qkvWidth() * FLOAT);
        mixed = activations.reserve((long) tokens * c.queryWidth() * BF16);
        delta = activations.reserve((long) tokens * c.hidden() * FLOAT);
        scores = activations.reserve((long) c.queryHeads() * longestStep * capacity * FLOAT);
        routerLogits = activations.reserve((long) tokens * c.experts() * FLOAT);
        experts = activations.reserve(slotCount * INT);
        routing = activations.reserve(slotCount * FLOAT);
        rows = activations.reserve(slotCount * INT);
        slots = activations.reserve(slotCount * INT);
        gathered = activations.reserve((long) tokens * c.hidden() * BF16);
        long batchedSlots = Math.min(slotCount, SlotExperts.maxSlots(c));
        long mostRows = Math.max(tokens, batchedSlots); // an expert sees each token once at the most
        gateUp = activations.reserve(mostRows * 2 * c.intermediate() * FLOAT);
        activated = activations.reserve(slotCount * c.intermediate() * BF16);
        expertOut = activations.reserve(mostRows * c.hidden() * FLOAT);
        slotAddresses = activations.reserve(6 * batchedSlots * ADDRESS);
        logits = activations.reserve((long) sequenceCount * c.vocabulary() * FLOAT);
        partValues = activations.reserve((long) sequenceCount * MAX_PARTS * FLOAT);
        partIndices = activations.reserve((long) sequenceCount * MAX_PARTS * INT);
        exactPartValues = activations.reserve((long) sequenceCount * MAX_PARTS * FLOAT);
        exactPartIndices = activations.reserve((long) sequenceCount * MAX_PARTS * INT);
        chosen = activations.reserve(sequenceCount * (capacity + 1L) * INT);
        boolean complete = false;
        try {
            host = held.take(new HostBuffers(context, pinned), HostBuffers::close);
            cache = held.take(paged
                    ? new PagedCache(memory, host, c, form, sequenceCount, capacity)
                    : new ContiguousCache(memory, c, form, sequenceCount, capacity), KeyValueCache::close);
            constants.allocate();
            activations.allocate();
            complete = true;
        } finally {
            if (!complete) {
                held.close(); // what was taken so far would stay held until the context closes
            }
        }
    }

    /// Overwrites all that a step computes, and the cache, with bytes that are not-a-number in every floating-point type: a
    /// kernel that reads what none has written is then found out.
    void poison(CudaStream stream) {
        cache.poison(stream);
        activations.buffer().fill((byte) 0xFF, stream);
        rooms.values().forEach(room -> room.fill((byte) 0xFF, stream));
    }

    /// Pairs of a token and an expert that sees it, in the largest step.
    long slotCount() {
        return slotCount;
    }

    /// Multiprocessors of the GPU that it lies on.
    int multiprocessors() {
        return context.device().multiprocessors();
    }

    /// Memory that only some techniques need, taken when first asked for and shared by all who ask for the same.
    DeviceBuffer room(String purpose, long bytes) {
        return rooms.computeIfAbsent(purpose,
                name -> held.take(memory.allocate(name, bytes), DeviceBuffer::close));
    }

    @Override
    public void close() {
        held.close();
    }
}
