// The experts of a few tokens from packed weights: MXFP4 codes become bf16 numbers in registers, and the tensor cores
// multiply them, sixteen rows by sixteen columns at a time, into fp32. A token fills one column of eight; the others are
// its copies, which cost nothing, because the weights' bytes are what takes the time.

#ifndef SIZE_CHOSEN
#define SIZE_CHOSEN 0
#endif
#ifndef SIZE_HIDDEN
#define SIZE_HIDDEN 0
#endif
#ifndef SIZE_INTERMEDIATE
#define SIZE_INTERMEDIATE 0
#endif

#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/sizes.cuh"
#include "mxfp4_product.cuh"

using namespace mxfp4;

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;
/// Tiles that a warp has under way: enough that the warps of a step ask for 4.5 MB or more, which memory takes about a
/// microsecond to deliver.
constexpr int kGateUpDepth = 4;
constexpr int kDownDepth = 6;
/// Warps that share the columns of a row of tiles in the first product.
constexpr int kSplits = 2;
constexpr int kRowTilesABlock = kWarps / kSplits;
constexpr int kPairsATile = kTileRows / 2;
/// Two bf16 numbers times kLift, exactly.
__device__ __forceinline__ unsigned int lift(unsigned int pair) {
    const float low = __uint_as_float(pair << 16) * kLift;
    const float high = __uint_as_float(pair & 0xFFFF0000u) * kLift;
    return __byte_perm(__float_as_uint(low), __float_as_uint(high), 0x7632);
}

/// Lifts rows of activations into shared memory, each filled up with zeros to whole tiles.
__device__ __forceinline__ void stage(uint4* shared, const unsigned short* x, int rows, int inner, int tiles) {
    const int wide = tiles * kVectorsATile;
    int column = threadIdx.x;
    for (int i = threadIdx.x; i < rows * wide; i += kThreads) {
        while (column >= wide) {
            column -= wide;
            x += inner;
        }
        uint4 v = make_uint4(0, 0, 0, 0);
        if (column * 8 < inner) {
            v = reinterpret_cast<const uint4*>(x)[column];
            v = make_uint4(lift(v.x), lift(v.y), lift(v.z), lift(v.w));
        }
        shared[i] = v;
        column += kThreads;
    }
}

/// A warp's part of a row of tiles, and the activations beside it, as one lane sees them.
struct Part {
    const uint4* codes;
    const unsigned int* scales;
    const uint4* x;
    int tiles;
};

template <int kDepth>
struct Held {
    uint4 codes[kDepth];
    unsigned int scales[kDepth];
};

/// The tiles `first` to `last` of the row of tiles at `rowTile`, counted over all experts.
__device__ __forceinline__ Part part_of(const uint4* codes, const unsigned int* scales, const uint4* x,
                                        long long rowTile, int tiles, int first, int last) {
    const int lane = threadIdx.x % kWarpSize;
    const long long tile = rowTile * tiles + first;
    return {codes + tile * kPieces + lane, scales + tile * kScaleWords + lane / 4, x + first * kVectorsATile + lane % 4,
            last - first};
}

/// Asks for the tile that lies so many further.
__device__ __forceinline__ void load(const Part& part, int tile, uint4& codes, unsigned int& scales) {
    codes = __ldcs(part.codes + tile * kPieces);
    scales = __ldcs(part.scales + tile * kScaleWords);
}

/// Adds the products of the tile that lies so many further.
__device__ __forceinline__ void use(const Part& part, int tile, const uint4& codes, unsigned int scales, float& top,
                                    float& bottom) {
    add_tile(codes, scales, part.x[tile * kVectorsATile], part.x[tile * kVectorsATile + kBlock / 8], top, bottom);
}

/// Asks for the first tiles of a part.
template <int kDepth>
__device__ __forceinline__ void begin(const Part& part, Held<kDepth>& held) {
#pragma unroll
    for (int d = 0; d < kDepth; d++) {
        if (d < part.tiles) {
            load(part, d, held.codes[d], held.scales[d]);
        }
    }
}

/// Uses the tiles that are held and asks for those that follow them; `kInside` where all of them are there.
template <bool kInside, int kDepth>
__device__ __forceinline__ void advance(Part& part, Held<kDepth>& held, float& top, float& bottom) {
#pragma unroll
    for (int d = 0; d < kDepth; d++) {
        if (kInside || d < part.tiles) {
            use(part, d, held.codes[d], held.scales[d], top, bottom);
        }
        if (kInside || d + kDepth < part.tiles) {
            load(part, d + kDepth, held.codes[d], held.scales[d]);
        }
    }
    part.codes += kDepth * kPieces;
    part.scales += kDepth * kScaleWords;
    part.x += kDepth * kVectorsATile;
    part.tiles -= kDepth;
}

/// Walks a part whose first tiles were asked for. Away from its end there is no branch, so that loads, expansion and
/// products of several tiles overlap.
template <int kDepth>
__device__ __forceinline__ void walk(Part part, Held<kDepth>& held, float& top, float& bottom) {
    while (part.tiles >= 2 * kDepth) {
        advance<true>(part, held, top, bottom);
    }
    while (part.tiles > 0) {
        advance<false>(part, held, top, bottom);
    }
}

/// h[slot][j] = swiglu(W1[e][2j] · x + b, W1[e][2j + 1] · x + b) for the slot's expert e, from packed weights whose tiles
/// hold eight gate rows above their eight up rows. Two warps a row of tiles. Grid: ceil(width / 32) x slots; dynamic shared
/// memory: ceil(inner / 64) * 128 + 512 bytes. `inner` and `width` are multiples of 8.
/// @techniques mxfp4, vectorised-loads, shared-memory, ilp, launch-bounds, dependent-launch
/// @bytes distinct experts * 2 * width * inner * 17 / 32
/// @flops slots * 4 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads, 3)
    KERNEL_NAME(expert_gate_up_swiglu_mxfp4)(unsigned short* __restrict__ h, const uint4* __restrict__ codes,
                                             const unsigned int* __restrict__ scales,
                                             const unsigned short* __restrict__ biases,
                                             const unsigned short* __restrict__ x, const int* __restrict__ ids,
                                             int chosen, int inner, int width, float limit) {
    extern __shared__ uint4 shared[];
    chosen = sized<SIZE_CHOSEN>(chosen);
    inner = sized<SIZE_HIDDEN>(inner);
    width = sized<SIZE_INTERMEDIATE>(width);
    const int tiles = (inner + kTileColumns - 1) / kTileColumns;
    float* sums = reinterpret_cast<float*>(shared + tiles * kVectorsATile);
    const int slot = blockIdx.y;
    wait_for_previous();
    let_next_begin();
    const long long expert = given(ids)[slot];
    const int rowTiles = width / kPairsATile;
    const int warp = threadIdx.x / kWarpSize;
    const int rowTile = blockIdx.x * kRowTilesABlock + warp / kSplits;
    const int part = warp % kSplits;
    const Part own = part_of(codes, scales, shared, expert * rowTiles + rowTile, tiles, part * tiles / kSplits,
                             rowTile < rowTiles ? (part + 1) * tiles / kSplits : part * tiles / kSplits);
    Held<kGateUpDepth> held;
    begin(own, held);
    stage(shared, given(x) + static_cast<long long>(slot / chosen) * inner, 1, inner, tiles);
    __syncthreads();
    float top = 0.0f;
    float bottom = 0.0f;
    walk(own, held, top, bottom);
    keep(sums + warp * kTileRows, top, bottom);
    __syncthreads();
    const int j = blockIdx.x * kRowTilesABlock * kPairsATile + threadIdx.x;
    if (threadIdx.x < kRowTilesABlock * kPairsATile && j < width) {
        const float* mine = sums + threadIdx.x / kPairsATile * kSplits * kTileRows + threadIdx.x % kPairsATile;
        float gate = 0.0f;
        float up = 0.0f;
#pragma unroll
        for (int s = 0; s < kSplits; s++) {
            gate += mine[s * kTileRows];
            up += mine[s * kTileRows + kPairsATile];
        }
        const unsigned short* bias = biases + expert * 2 * width + 2 * j;
        h[static_cast<long long>(slot) * width + j] =
            round_to_bf16(swiglu(fmaf(gate, kLower, widen(bias[0])), fmaf(up, kLower, widen(bias[1])), limit));
    }
}

/// hidden[token][r] += Σ over the token's slots of weight * (W2[e][r] · h[slot] + b2[e][r]), from packed weights: a block a
/// row of tiles, its warps share the slots and their columns. Grid: width / 16 x tokens; dynamic shared memory:
/// chosen * (ceil(inner / 64) * 128 + max(1, 8 / chosen) * 64) bytes. `inner` is a multiple of 8, `width` of 16.
/// @techniques mxfp4, vectorised-loads, shared-memory, ilp, launch-bounds, dependent-launch
/// @bytes distinct experts * width * inner * 17 / 32
/// @flops tokens * chosen * 2 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads, 2)
    KERNEL_NAME(expert_down_combine_mxfp4)(float* __restrict__ hidden, const uint4* __restrict__ codes,
                                           const unsigned int* __restrict__ scales,
                                           const unsigned short* __restrict__ biases,
                                           const unsigned short* __restrict__ h, const int* __restrict__ ids,
                                           const float* __restrict__ routing, int chosen, int inner, int width) {
    extern __shared__ uint4 shared[];
    chosen = sized<SIZE_CHOSEN>(chosen);
    inner = sized<SIZE_INTERMEDIATE>(inner);
    width = sized<SIZE_HIDDEN>(width);
    const long long token = blockIdx.y;
    const int tiles = (inner + kTileColumns - 1) / kTileColumns;
    const int wide = tiles * kVectorsATile;
    float* sums = reinterpret_cast<float*>(shared + chosen * wide);
    const int rowTiles = width / kTileRows;
    const int splits = max(1, kWarps / chosen);
    const int groups = kWarps / splits;
    const int warp = threadIdx.x / kWarpSize;
    const int part = warp % splits;
    wait_for_previous();
    let_next_begin();
    ids = given(ids);
    h = given(h);
    const auto part_in = [&](int slot) {
        const long long expert = ids[token * chosen + slot];
        return part_of(codes, scales, shared + slot * wide, expert * rowTiles + blockIdx.x, tiles,
                       part * tiles / splits, (part + 1) * tiles / splits);
    };
    int slot = warp / splits;
    Part own = {};
    Held<kDownDepth> held;
    if (slot < chosen) {
        own = part_in(slot);
        begin(own, held);
    }
    stage(shared, h + token * chosen * inner, chosen, inner, tiles);
    __syncthreads();
    while (slot < chosen) {
        float top = 0.0f;
        float bottom = 0.0f;
        walk(own, held, top, bottom);
        keep(sums + (slot * splits + part) * kTileRows, top, bottom);
        slot += groups;
        if (slot < chosen) {
            own = part_in(slot);
            begin(own, held);
        }
    }
    __syncthreads();
    if (threadIdx.x < kTileRows) {
        const int r = blockIdx.x * kTileRows + threadIdx.x;
        float total = 0.0f;
        for (int k = 0; k < chosen; k++) {
            const long long expert = ids[token * chosen + k];
            float sum = 0.0f;
            for (int s = 0; s < splits; s++) {
                sum += sums[(k * splits + s) * kTileRows + threadIdx.x];
            }
            total = fmaf(routing[token * chosen + k], fmaf(sum, kLower, widen(biases[expert * width + r])), total);
        }
        hidden[token * width + r] += total;
    }
}
