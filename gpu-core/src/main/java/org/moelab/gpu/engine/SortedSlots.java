package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Binding.Rows;
import org.moelab.gpu.engine.Draft.Gpu;
import org.moelab.gpu.model.MoeConfig;

/// Slots (a token seen by one expert) sorted by expert on the device, so that the host need not know the routing: the places
/// that they get, the tiles of places that products take, and what brings the experts' outputs back to the tokens.
///
/// @param tokens tokens of the step
/// @param tileTokens the most places of a tile
/// @param together a number of which the first place of each expert is a multiple
record SortedSlots(MoeConfig config, int tokens, int tileTokens, int together) {
    static final String TECHNIQUE = "device-routing";

    private static final String ROUTING = "router and sort";
    private static final String MATMUL = "expert matmul";
    private static final int SORT_THREADS = 1024;
    private static final int THREADS = 256;
    private static final int TILE_BYTES = 16;
    /// What the largest step of a session may ask for: the smallest tiles that there are, and the coarsest places.
    private static final int LEAST_TILE_TOKENS = 8;
    private static final int MOST_TOGETHER = 8;

    int slots() {
        return tokens * config.chosen();
    }

    /// Experts that at least one token sees, if as many as can be.
    int seen() {
        return Math.min(config.experts(), slots());
    }

    /// Places that the slots can take, with those that no slot takes.
    int placeCount() {
        return places(slots(), together);
    }

    private int places(long slots, int multiple) {
        long most = slots + Math.min(config.experts(), slots) * (multiple - 1);
        return Math.toIntExact((most + multiple - 1) / multiple * multiple);
    }

    /// The most tiles that there can be: full ones, and a last one of each expert.
    int tiles() {
        return seen() + slots() / tileTokens;
    }

    /// Where all of it lies on the device.
    ///
    /// @param placeOf of each slot
    /// @param tokenOf of each place
    /// @param load slots of each expert
    /// @param finished what is written of each tile, where products overlap
    /// @param outputs a row of numbers of each place
    record Places(long placeOf, long tokenOf, long tiles, long tileCount, long load, long finished, long outputs) {}

    /// The places of a session, for its largest step.
    Places at(Workspace w) {
        long slots = w.slotCount();
        long most = Math.min(config.experts(), slots) + slots / LEAST_TILE_TOKENS;
        long places = places(slots, MOST_TOGETHER);
        DeviceBuffer routing = w.room("expert routing",
                most * (TILE_BYTES + 4) + 4 * slots + 4 * places + 4L * config.experts() + 4);
        long tiles = routing.address();
        long placeOf = tiles + most * TILE_BYTES;
        long tokenOf = placeOf + 4 * slots;
        long load = tokenOf + 4 * places;
        long tileCount = load + 4L * config.experts();
        return new Places(placeOf, tokenOf, tiles, tileCount, load, tileCount + 4,
                w.room("expert outputs", 4 * places * config.hidden()).address());
    }

    /// Rows of bf16 numbers in slabs of 64 columns, as warpgroup products take them.
    ///
    /// @param purpose the name of their memory
    long slabs(Workspace w, String purpose, int columns) {
        return w.room(purpose, 2L * places(w.slotCount(), MOST_TOGETHER) * slabColumns(columns)).address();
    }

    /// Columns to the end of the last slab.
    static int slabColumns(int columns) {
        return Math.ceilDiv(columns, 64) * 64;
    }

    /// The sorting.
    Draft sort(String at) {
        return Draft.kernel(at + "sort", ROUTING, "sort_slots", List.of(TECHNIQUE), 12L * slots() + 16L * tiles(), 0,
                (gpu, function) -> sort(gpu, function).prepared(gpu.w().arena));
    }

    private Launcher sort(Gpu gpu, CudaFunction function) {
        Places p = at(gpu.w());
        return Launcher.of(function, new LaunchShape(1, 1, 1, SORT_THREADS, 1, 1, 3 * 4 * config.experts()))
                .pointer(p.placeOf).pointer(p.tokenOf).pointer(p.tiles).pointer(p.tileCount).pointer(p.load)
                .pointer(gpu.w().experts.address()).int32(slots()).int32(config.chosen()).int32(config.experts())
                .int32(tileTokens).int32(together);
    }

    /// The experts' outputs, weighed and added to the residual stream.
    Draft combine(String at) {
        return Draft.rows(at + "combine", MATMUL, "combine_experts", List.of(TECHNIQUE),
                (4L * config.chosen() + 8) * tokens * config.hidden(), 2L * slots() * config.hidden(),
                new Rows(tokens, config.hidden(), Rows.Place.FIRST, _ -> LaunchShape.of(tokens, THREADS),
                        this::combine));
    }

    private Launcher combine(Gpu gpu, Launcher launch) {
        Places p = at(gpu.w());
        return launch.pointer(gpu.w().hidden.address()).pointer(p.outputs).pointer(p.placeOf)
                .pointer(gpu.w().routing.address()).int32(config.chosen())
                .int32(config.hidden());
    }
}
