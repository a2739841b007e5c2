// The experts of many tokens as warpgroup products with packed weights: weights go from memory into shared memory, are
// unpacked in registers and enter the tensor cores as the first operand; the tokens pass through shared memory in stages and are the second. Unpacking
// the next step's weights and multiplying this one's overlap.

#ifndef TECHNIQUE_TMA
#define TECHNIQUE_TMA 1
#endif
#ifndef TECHNIQUE_WARP_SPECIALISATION
#define TECHNIQUE_WARP_SPECIALISATION 1
#endif
#ifndef TECHNIQUE_EXPERT_OVERLAP
#define TECHNIQUE_EXPERT_OVERLAP 1
#endif

#include "../common/barrier.cuh"
#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/numeric.cuh"
#include "../common/warpgroup.cuh"
#include "../common/weight_tiles.cuh"
#include "expert_tiles.cuh"
#include "finished_tiles.cuh"
#include "sorted_rows.cuh"

#if MOELAB_WARPGROUP_MMA

constexpr int kGroups = 3; // warpgroups, each 64 rows of weights
constexpr int kGroupThreads = 128;
constexpr int kConsumerWarps = kGroups * kGroupThreads / 32;
/// Two more warps do nothing but ask for operands: one for tokens, one for weights.
constexpr int kThreads = 32 * (kConsumerWarps + (TECHNIQUE_WARP_SPECIALISATION ? 2 : 0));
constexpr int kTilesAGroup = 64 / kTileRows;
constexpr int kTilesABlock = kGroups * kTilesAGroup;
constexpr int kMostTokens = 128;
constexpr int kStages = 5; // of tokens
constexpr int kTokenBytes = kMostTokens * 128;
constexpr int kSlots = 2; // of weights
/// Steps of a slot: each copy by the engine costs some 50 cycles, so that many small ones would cost more than the products.
constexpr int kSlotSteps = 8;
constexpr int kCodeBytes = 16 * mxfp4::kPieces; // of a tile's step
constexpr int kScaleBytes = 4 * mxfp4::kScaleWords;
constexpr int kTileBytes = kSlotSteps * (kCodeBytes + kScaleBytes);
constexpr int kSlotBytes = kTilesABlock * kTileBytes;
/// Words of a warpgroup's outputs on their way to memory: 16 of each token, apart so that lanes meet different banks.
constexpr int kPlacedWords = kMostTokens + 8;
constexpr int kOutWords = 16 * kPlacedWords;

/// Where the block's memory and barriers lie: stages hold a step's tokens; slots hold for each of the block's tiles the codes of some
/// steps, then their scales.
struct Room {
    uint32 stages;
    uint32 slots;
    uint32 tokensFull;
    uint32 tokensEmpty;
    uint32 weightsFull;
    uint32 weightsEmpty;

    __device__ __forceinline__ uint32 tokens(int stage) const {
        return stages + stage * kTokenBytes;
    }

    __device__ __forceinline__ uint32 codes(int slot, int tile) const {
        return slots + slot * kSlotBytes + tile * kTileBytes;
    }

    __device__ __forceinline__ uint32 scales(int slot, int tile) const {
        return codes(slot, tile) + kSlotSteps * kCodeBytes;
    }
};

/// A place in a ring of `kCount`, and the parity of the round.
template <int kCount>
struct Ring {
    int at = 0;
    uint32 parity;

    __device__ __forceinline__ explicit Ring(uint32 parity) : parity(parity) {}

    __device__ __forceinline__ void advance() {
        at = at + 1 == kCount ? 0 : at + 1;
        parity ^= at == 0;
    }
};

/// A walk over the block's work: every so many pairs of a tile of tokens and a block of weight rows, and the steps of each.
struct Work {
    int next;
    int items;
    int rowBlocks;

    __device__ __forceinline__ Work(int rowBlocks, int tiles) : next(blockIdx.x), items(tiles * rowBlocks), rowBlocks(rowBlocks) {}

    __device__ __forceinline__ bool left() const {
        return next < items;
    }

    __device__ __forceinline__ int tile() const {
        return next / rowBlocks;
    }

    __device__ __forceinline__ int rowBlock() const {
        return next % rowBlocks;
    }

    __device__ __forceinline__ void advance() {
        next += gridDim.x;
    }
};

/// How the second product follows the first tile by tile, where the two overlap: the first tells of each item that is written, the second
/// awaits all items of a tile.
struct Handover {
    int* finished; // items of each tile that are written
    int items;     // of a tile, where they are awaited; else 0
};

/// The operands of the products in memory.
struct Operands {
    const uint4* codes;
    const uint32* scales;
    const uint4* x;
    const ExpertTile* tiles;
    int rowTiles; // of an expert
    int steps;
    int places;
    Handover handover;

    __device__ __forceinline__ ExpertTile tile(int i) const {
        if constexpr (TECHNIQUE_EXPERT_OVERLAP) {
            // past L1, which is not known to be empty where a block begins while the kernel before runs
            const int4 read = __ldcg(reinterpret_cast<const int4*>(tiles) + i);
            return {read.x, read.y, read.z, read.w};
        } else {
            return tiles[i];
        }
    }
};

/// A walk over the steps of the block's items, so many at a time, ahead of those who use them. All lanes of one warp.
template <int kSteps>
struct Ahead {
    Work work;
    const Operands& from;
    int step = 0;
    ExpertTile tile = {};

    __device__ __forceinline__ Ahead(const Work& work, const Operands& from) : work(work), from(from) {
        begin();
    }

    __device__ __forceinline__ void begin() {
        step = 0;
        if (work.left()) {
            tile = from.tile(work.tile());
        }
    }

    __device__ __forceinline__ void advance() {
        step += kSteps;
        if (step >= from.steps) {
            work.advance();
            begin();
        }
    }
};

/// Fills stages with tokens, in the order in which they are used.
struct TokenFiller {
    static constexpr int kSteps = 1;
    Ahead<kSteps> ahead;
    Ring<kStages> stage{1}; // the first round finds every stage empty

    /// Fills the next stage once it is empty; false where nothing is left to do.
    __device__ __forceinline__ bool fill(const Room& room) {
        if (!ahead.work.left()) {
            return false;
        }
        barrier_wait(room.tokensEmpty + 8 * stage.at, stage.parity);
        const uint32 full = room.tokensFull + 8 * stage.at;
        const int lane = threadIdx.x % 32;
        if (TECHNIQUE_EXPERT_OVERLAP && ahead.from.handover.items > 0 && ahead.step == 0) {
            await_tile(ahead.from.handover.finished + ahead.work.tile(), ahead.from.handover.items);
        }
        const uint4* source = ahead.from.x + (static_cast<long long>(ahead.step) * ahead.from.places + ahead.tile.first) * kSlabUnits;
        const uint32 bytes = (ahead.tile.count + kPlacesTogether - 1) / kPlacesTogether * kPlacesTogether * kSlabUnits * 16;
        if constexpr (TECHNIQUE_TMA) {
            if (lane == 0) {
                barrier_expect(full, bytes);
                copy_bulk(room.tokens(stage.at), source, bytes, full);
            }
        } else {
            for (uint32 at = 16 * lane; at < bytes; at += 32 * 16) {
                copy_async_16(room.tokens(stage.at) + at, source + at / 16, true);
            }
            barrier_arrive_with_copies(full);
        }
        stage.advance();
        ahead.advance();
        return true;
    }
};

/// Tells of the block's items as they are written. All lanes of the warp that asks for weights: it learns of it without a word from the others,
/// because a slot comes back only when all of them have begun with what it held, and so have written the items before. That is late
/// by two slots, which costs nothing but at the end.
struct Teller {
    Work work; // the first item that is not told of
    int* finished;
    int fillsAnItem;
    int due; // the number of the fill that shows it to be written
    int fills = 0;

    __device__ __forceinline__ Teller(const Work& work, const Operands& from)
        : work(work), finished(from.handover.finished), fillsAnItem((from.steps + kSlotSteps - 1) / kSlotSteps), due(fillsAnItem + kSlots) {}

    __device__ __forceinline__ void tell() {
        if (threadIdx.x % 32 == 0) {
            tell_of_item(finished + work.tile());
        }
        work.advance();
    }

    /// The slot has come back for this fill.
    __device__ __forceinline__ void filled() {
        if (fills == due) {
            tell();
            due += fillsAnItem;
        }
        fills++;
    }

    /// All items are written.
    __device__ __forceinline__ void rest() {
        while (work.left()) {
            tell();
        }
    }
};

/// Fills slots with weights: a lane takes a tile's codes, another its scales.
struct WeightFiller {
    static constexpr int kSteps = kSlotSteps;
    Ahead<kSteps> ahead;
    Ring<kSlots> slot{1};
    Teller teller{ahead.work, ahead.from};

    __device__ __forceinline__ bool fill(const Room& room) {
        if (!ahead.work.left()) {
            return false;
        }
        barrier_wait(room.weightsEmpty + 8 * slot.at, slot.parity);
        const Operands& from = ahead.from;
        const uint32 full = room.weightsFull + 8 * slot.at;
        const int lane = threadIdx.x % 32;
        const int steps = min(kSlotSteps, from.steps - ahead.step);
        const int own = lane % kTilesABlock;
        const int rowTile = min(ahead.work.rowBlock() * kTilesABlock + own, from.rowTiles - 1);
        const long long place = (static_cast<long long>(ahead.tile.expert) * from.rowTiles + rowTile) * from.steps + ahead.step;
        const bool codes = lane < kTilesABlock;
        const uint32 to = codes ? room.codes(slot.at, own) : room.scales(slot.at, own);
        const void* source = codes ? static_cast<const void*>(from.codes + place * mxfp4::kPieces)
                                   : static_cast<const void*>(from.scales + place * mxfp4::kScaleWords);
        const uint32 bytes = steps * (codes ? kCodeBytes : kScaleBytes);
        const bool takes = lane < 2 * kTilesABlock;
        if constexpr (TECHNIQUE_TMA) {
            if (lane == 0) {
                barrier_expect(full, kTilesABlock * steps * (kCodeBytes + kScaleBytes));
            }
            __syncwarp();
            if (takes) {
                copy_bulk(to, source, bytes, full);
            }
        } else {
            for (uint32 at = 0; takes && at < bytes; at += 16) {
                copy_async_16(to + at, static_cast<const unsigned char*>(source) + at, true);
            }
            barrier_arrive_with_copies(full);
        }
        if (TECHNIQUE_EXPERT_OVERLAP && from.handover.items == 0) {
            teller.filled();
        }
        slot.advance();
        ahead.advance();
        return true;
    }
};

/// Asks for everything, as fast as it is used.
template <typename Filler>
__device__ __forceinline__ Filler fill_all(const Work& work, const Operands& from, const Room& room) {
    Filler filler{Ahead<Filler::kSteps>(work, from)};
    while (filler.fill(room)) {
    }
    return filler;
}

/// Where all that multiply meet the warp that tells, when their last item is written.
__device__ __forceinline__ void all_written() {
    asm volatile("bar.sync %0, %1;" ::"n"(kGroups + 1), "n"(kGroups * kGroupThreads + (TECHNIQUE_WARP_SPECIALISATION ? 32 : 0)) : "memory");
}

/// Where warps that multiply also ask for operands: the first of two warpgroups for one kind each.
struct SideFillers {
    TokenFiller tokens;
    WeightFiller weights;
    int step = 0;

    __device__ __forceinline__ void fill(const Room& room) {
        const int warp = threadIdx.x / 32;
        if (warp == 0) {
            tokens.fill(room);
        } else if (warp == 4 && step % kSlotSteps == 0) {
            weights.fill(room);
        }
        step = step + 1 == tokens.ahead.from.steps ? 0 : step + 1;
    }
};

/// What one warpgroup multiplies: the weight tiles of its four warps with the tokens of an item.
struct Consumer {
    Room room;
    int steps;
    SideFillers& fillers; // only where no warps do nothing else
    Ring<kStages> stage{0};
    Ring<kSlots> slot{0};
    int unpacked = 0; // steps of the slot

    /// Unpacks the next step's weights: the first operands of its four products.
    __device__ __forceinline__ void unpack(uint32 (&a)[16]) {
        if (unpacked == 0) {
            barrier_wait(room.weightsFull + 8 * slot.at, slot.parity);
        }
        const int lane = threadIdx.x % 32;
        const int warp = threadIdx.x / 32;
        uint4 codes[1];
        uint32 scales;
        asm volatile("ld.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
                     : "=r"(codes[0].x), "=r"(codes[0].y), "=r"(codes[0].z), "=r"(codes[0].w)
                     : "r"(room.codes(slot.at, warp) + unpacked * kCodeBytes + 16 * lane));
        asm volatile("ld.shared.u32 %0, [%1];" : "=r"(scales) : "r"(room.scales(slot.at, warp) + unpacked * kScaleBytes + 4 * (lane / 4)));
        unpacked++;
#pragma unroll
        for (int turn = 0; turn < 2; turn++) {
            uint32 upper[4];
            uint32 lower[4];
            Mxfp4Tiles::pairs(upper, lower, codes, turn, scales);
#pragma unroll
            for (int i = 0; i < 4; i++) {
                a[8 * turn + 2 * i] = upper[i];
                a[8 * turn + 2 * i + 1] = lower[i];
            }
        }
    }

    template <int kTokens>
    __device__ __forceinline__ void start(float (&sums)[kTokens / 2], const uint32 (&a)[16]) const {
        barrier_wait(room.tokensFull + 8 * stage.at, stage.parity);
        const unsigned long long tokens = swizzled_rows(room.tokens(stage.at));
        if constexpr (!TECHNIQUE_TMA) {
            shared_visible_to_products();
        }
        warpgroup_fence();
#pragma unroll
        for (int k = 0; k < 4; k++) {
            warpgroup_mma(sums, a + 4 * k, tokens + 2 * k);
        }
        warpgroup_commit();
    }

    /// The products have begun with the last weights that were unpacked: where those end a slot, it is free.
    template <bool kLast>
    __device__ __forceinline__ void releaseSlot() {
        if (kLast || unpacked == kSlotSteps) {
            if (threadIdx.x % 32 == 0) {
                barrier_arrive(room.weightsEmpty + 8 * slot.at);
            }
            slot.advance();
            unpacked = 0;
        }
    }

    /// Multiplies one step, and unpacks the next one meanwhile. Its own products are all done before the next begin: the other warpgroups keep
    /// the tensor cores busy, and two steps under way would cost registers that are not there.
    template <int kTokens, bool kLast>
    __device__ __forceinline__ void step(float (&sums)[kTokens / 2], const uint32 (&a)[16], uint32 (&next)[16]) {
        start<kTokens>(sums, a);
        releaseSlot<kLast>();
        if constexpr (!TECHNIQUE_WARP_SPECIALISATION) {
            fillers.fill(room);
        }
        if constexpr (!kLast) {
            unpack(next);
        }
        warpgroup_wait<0>();
        if (threadIdx.x % 32 == 0) {
            barrier_arrive(room.tokensEmpty + 8 * stage.at);
        }
        stage.advance();
    }

    template <int kTokens>
    __device__ __forceinline__ void multiply(float (&sums)[kTokens / 2]) {
        uint32 even[16];
        uint32 odd[16];
#pragma unroll
        for (int i = 0; i < kTokens / 2; i++) {
            sums[i] = 0.0f;
        }
        unpack(even);
        int left = steps;
#pragma unroll 1
        for (; left > 2; left -= 2) {
            step<kTokens, false>(sums, even, odd);
            step<kTokens, false>(sums, odd, even);
        }
        if (left == 2) {
            step<kTokens, false>(sums, even, odd);
            step<kTokens, true>(sums, odd, even);
        } else {
            step<kTokens, true>(sums, even, odd);
        }
    }
};

/// What leads from sums to memory.
struct GateUp {
    uint4* h;
    const unsigned short* biases;
    int width;
    int places;
    float limit;

    __device__ __forceinline__ int rowTiles() const {
        return width * 2 / kTileRows;
    }

    /// Tiles of rows that outputs are written for: to the end of their last slab.
    __device__ __forceinline__ int writtenTiles() const {
        return slabs_of(width) * kSlabColumns * 2 / kTileRows;
    }

    /// As `swiglu`, without the division's slow path: a call would keep the assembler from letting products run on their own.
    __device__ __forceinline__ float activated(float gate, float up) const {
        const float g = fminf(gate, limit);
        const float u = fminf(fmaxf(up, -limit), limit);
        return __fdividef(g, 1.0f + __expf(-1.702f * g)) * (u + 1.0f);
    }

    /// h[place][j] = swiglu(gate, up): rows g and g + 8 of a tile, which one thread has. The four tiles of a warpgroup are 32 columns of h, in
    /// each of four units two bytes a lane; lanes put pairs together, and a unit's four words come from the four warps.
    template <int kTokens>
    __device__ __forceinline__ void finish(float (&sums)[kTokens / 2], const ExpertTile& tile, int firstTile, uint32* out) const {
        const int lane = threadIdx.x % 32;
        const int warp = threadIdx.x / 32 % 4;
        const int group = threadIdx.x / kGroupThreads;
        const int g = lane / 4;
        const int t = lane % 4;
        const int j = (firstTile + warp) * (kTileRows / 2) + g;
        const bool present = j < width;
        const uint32 bias = present ? *reinterpret_cast<const uint32*>(biases + (static_cast<long long>(tile.expert) * width + j) * 2) : 0;
        const float2 b = unpack_pair(bias);
        const bool odd = g % 2 != 0;
        asm volatile("bar.sync %0, %1;" ::"r"(group + 1), "n"(kGroupThreads) : "memory"); // the outputs before are written
#pragma unroll
        for (int i = 0; i < kTokens / 8; i++) {
            const float first = present ? activated(sums[4 * i] + b.x, sums[4 * i + 2] + b.y) : 0.0f;
            const float second = present ? activated(sums[4 * i + 1] + b.x, sums[4 * i + 3] + b.y) : 0.0f;
            const float other = __shfl_xor_sync(0xFFFFFFFFu, odd ? first : second, 4);
            const int token = 8 * i + 2 * t + (odd ? 1 : 0);
            out[(warp * 4 + g / 2) * kPlacedWords + token] = odd ? pack_bf16(other, second) : pack_bf16(first, other);
        }
        asm volatile("bar.sync %0, %1;" ::"r"(group + 1), "n"(kGroupThreads) : "memory");
        const int block = firstTile / kTilesAGroup; // of 32 columns
        const int slab = block / 2;
        if (slab >= slabs_of(width)) {
            return;
        }
        const int unit = lane % 4;
#pragma unroll
        for (int i = 0; i < kTokens / 32; i++) {
            const int token = 32 * i + 8 * warp + lane / 4;
            if (token < tile.count) {
                const uint32* words = out + unit * kPlacedWords + token;
                h[slab_unit(slab, places, tile.first + token, block % 2 * 4 + unit)] =
                    make_uint4(words[0], words[4 * kPlacedWords], words[8 * kPlacedWords], words[12 * kPlacedWords]);
            }
        }
    }
};

struct Down {
    float* y;
    const unsigned short* biases;
    int width;

    __device__ __forceinline__ int rowTiles() const {
        return width / kTileRows;
    }

    __device__ __forceinline__ int writtenTiles() const {
        return rowTiles();
    }

    template <int kTokens>
    __device__ __forceinline__ void finish(float (&sums)[kTokens / 2], const ExpertTile& tile, int firstTile, uint32*) const {
        const int lane = threadIdx.x % 32;
        const int warp = threadIdx.x / 32 % 4;
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int r = (firstTile + warp) * kTileRows + half * 8 + lane / 4;
            if (r < width) {
                const float b = __uint_as_float(static_cast<uint32>(biases[static_cast<long long>(tile.expert) * width + r]) << 16);
                float* to = y + static_cast<long long>(tile.first) * width + r;
#pragma unroll
                for (int i = 0; i < kTokens / 8; i++) {
#pragma unroll
                    for (int e = 0; e < 2; e++) {
                        const int token = 8 * i + lane % 4 * 2 + e;
                        if (token < tile.count) {
                            to[static_cast<long long>(token) * width] = sums[4 * i + 2 * half + e] + b;
                        }
                    }
                }
            }
        }
    }
};

/// A warpgroup's walk over the items of its block.
template <typename Output>
struct Walk {
    const Output& output;
    const Operands& from;
    uint32* out;
    Work work;
    Consumer consumer;

    template <int kTokens>
    __device__ __forceinline__ void item(const ExpertTile& tile) {
        float sums[kTokens / 2];
        consumer.multiply<kTokens>(sums);
        const int firstTile = work.rowBlock() * kTilesABlock + static_cast<int>(threadIdx.x / kGroupThreads) * kTilesAGroup;
        output.template finish<kTokens>(sums, tile, firstTile, out);
        if constexpr (TECHNIQUE_EXPERT_OVERLAP) {
            __syncwarp(); // what all lanes wrote comes before the first one's arrivals
        }
    }

    __device__ __forceinline__ void all() {
        for (; work.left(); work.advance()) {
            const ExpertTile tile = from.tile(work.tile());
            if (tile.count <= 32) {
                item<32>(tile);
            } else if (tile.count <= 64) {
                item<64>(tile);
            } else if (tile.count <= 96) {
                item<96>(tile);
            } else {
                item<128>(tile);
            }
        }
    }
};

/// The products of all experts with their tokens, from `x` in slabs, by blocks that take item after item.
template <typename Output>
__device__ __forceinline__ void products(const Output& output, const Operands& from, int tileCount) {
    extern __shared__ uint4 shared[];
    __shared__ unsigned long long barriers[2 * (kStages + kSlots)];
    const uint32 unaligned = shared_address(shared);
    const uint32 begin = (unaligned + 1023) / 1024 * 1024;
    const uint32 slots = begin + kStages * kTokenBytes;
    const uint32 first = shared_address(barriers);
    const Room room = {begin, slots, first, first + 8 * kStages, first + 16 * kStages, first + 16 * kStages + 8 * kSlots};
    const int warp = threadIdx.x / 32;
    if (threadIdx.x == 0) {
        constexpr int kArrivals = TECHNIQUE_TMA ? 1 : 32;
        for (int s = 0; s < kStages; s++) {
            barrier_init(room.tokensFull + 8 * s, kArrivals);
            barrier_init(room.tokensEmpty + 8 * s, kConsumerWarps);
        }
        for (int s = 0; s < kSlots; s++) {
            barrier_init(room.weightsFull + 8 * s, kArrivals);
            barrier_init(room.weightsEmpty + 8 * s, kConsumerWarps);
        }
        barriers_visible();
    }
    __syncthreads();
    const Work work((output.writtenTiles() + kTilesABlock - 1) / kTilesABlock, tileCount);
    if (TECHNIQUE_WARP_SPECIALISATION && warp >= kConsumerWarps) {
        if (warp == kConsumerWarps) {
            fill_all<TokenFiller>(work, from, room);
        } else {
            WeightFiller filler = fill_all<WeightFiller>(work, from, room);
            if (TECHNIQUE_EXPERT_OVERLAP && from.handover.items == 0) {
                all_written();
                filler.teller.rest();
            }
        }
        return;
    }
    SideFillers fillers{{Ahead<TokenFiller::kSteps>(work, from)}, {Ahead<WeightFiller::kSteps>(work, from)}};
    if (!TECHNIQUE_WARP_SPECIALISATION) {
        for (int s = 0; s < kStages - 2 && warp == 0; s++) {
            fillers.tokens.fill(room);
        }
        for (int s = 0; s < kSlots - 1 && warp == 4; s++) {
            fillers.weights.fill(room);
        }
    }
    uint32* out = reinterpret_cast<uint32*>(reinterpret_cast<unsigned char*>(shared) + (begin - unaligned) + kStages * kTokenBytes + kSlots * kSlotBytes) +
                  threadIdx.x / kGroupThreads * kOutWords;
    Walk<Output> walk{output, from, out, work, {room, from.steps, fillers}};
    walk.all();
    if (TECHNIQUE_EXPERT_OVERLAP && from.handover.items == 0) {
        all_written();
        if (!TECHNIQUE_WARP_SPECIALISATION && warp == 4) {
            fillers.weights.teller.rest();
        }
    }
}

/// Blocks of weight rows that the first product's outputs are written by, which are so many slabs.
__device__ __forceinline__ int items_of(int slabs) {
    return (slabs * kSlabColumns * 2 / kTileRows + kTilesABlock - 1) / kTilesABlock;
}

/// The two products of the experts over the tiles of `sort_slots` (at most 128 tokens each, from a multiple of eight places on), weights and
/// scales packed by `pack_mxfp4_tiles`. x and h lie in slabs (sorted_rows.cuh) of so many `places`; y is a row of `width` numbers a place, to
/// which `combine_experts` gives weights. Grid: blocks that stay and take every gridDim.x-th pair of a tile and 192 weight rows.
/// With `expert-overlap` the second is launched so that its blocks begin where those of the first end, and takes a tile as soon as
/// finished[tile], which `sort_rows` has set to zero, says that the first has written all of it; else that is not touched. No block waits for one that
/// has not begun: the second's begin only when all of the first's have.
/// Dynamic shared memory: 5 stages of 16 KiB, 1 KiB to align them, 2 slots of 51 KiB, 25.5 KiB for outputs.
/// @kernel expert_gate_up_warpgroup_mxfp4, expert_down_warpgroup_mxfp4
/// @techniques mxfp4, device-routing, wgmma, tma, warp-specialisation, expert-overlap
/// @bytes distinct experts * rows * inner * 17 / 32 + slots * (inner + rows) * 2
/// @flops slots * 2 * rows * inner
/// @floor flops / bf16 tensor rate
extern "C" __global__ void __launch_bounds__(kThreads, 1) KERNEL_NAME(expert_gate_up_warpgroup_mxfp4)(
    uint4* __restrict__ h, const uint4* __restrict__ codes, const uint32* __restrict__ scales, const unsigned short* __restrict__ biases,
    const uint4* __restrict__ x, const ExpertTile* __restrict__ tiles, const int* __restrict__ tileCount, int* __restrict__ finished, int inner,
    int width, int places, float limit) {
    if constexpr (TECHNIQUE_EXPERT_OVERLAP) {
        let_next_begin(); // this kernel is launched as usual, so that all before it is done and can be seen
    }
    const GateUp output{h, biases, width, places, limit};
    products(output, {codes, scales, x, tiles, output.rowTiles(), slabs_of(inner), places, {finished, 0}}, *tileCount);
}

extern "C" __global__ void __launch_bounds__(kThreads, 1) KERNEL_NAME(expert_down_warpgroup_mxfp4)(
    float* __restrict__ y, const uint4* __restrict__ codes, const uint32* __restrict__ scales, const unsigned short* __restrict__ biases,
    const uint4* __restrict__ h, const ExpertTile* __restrict__ tiles, const int* __restrict__ tileCount, int* __restrict__ finished, int inner,
    int width, int places) {
    const Down output{y, biases, width};
    const int slabs = slabs_of(inner);
    const int count = TECHNIQUE_EXPERT_OVERLAP ? __ldcg(tileCount) : *tileCount;
    products(output, {codes, scales, h, tiles, output.rowTiles(), slabs, places, {finished, items_of(slabs)}}, count);
    if constexpr (TECHNIQUE_EXPERT_OVERLAP) {
        wait_for_previous(); // so that the end of this kernel is the end of both
    }
}

#endif
