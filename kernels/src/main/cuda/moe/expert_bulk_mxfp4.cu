// The experts of a few tokens from packed weights that come by bulk copies: every byte that a block needs is under way before its first
// product, and no register waits for it, so that the multiprocessors ask for the whole matrices at once.

#include "../common/bulk.cuh"
#include "../common/cluster.cuh"
#include "../common/dependent.cuh"
#include "mxfp4_product.cuh"

using namespace mxfp4;

/// Warps that share the columns of a row of tiles.
constexpr int kSplits = 4;
constexpr int kUpTilesABlock = 2;
constexpr int kUpThreads = kSplits * kUpTilesABlock * kWarpSize;
constexpr int kDownThreads = kSplits * kWarpSize;
constexpr int kPairsATile = kTileRows / 2;
constexpr int kMostChosen = 8;

/// Rows of tiles as they lie in shared memory: all codes, all scales, one token.
struct Shared {
    uint4* codes;
    unsigned int* scales;
    uint4* x;
};

__device__ __forceinline__ Shared lay_out(uint4* shared, int rowTiles, int tiles) {
    uint4* scales = shared + rowTiles * tiles * kPieces;
    return {shared, reinterpret_cast<unsigned int*>(scales), scales + rowTiles * tiles * (kScaleWords / 4)};
}

/// A warp's share of the tiles of a row.
struct Share {
    int first;
    int last;
};

__device__ __forceinline__ Share share_of(int tiles) {
    const int part = threadIdx.x / kWarpSize % kSplits;
    return {part * tiles / kSplits, (part + 1) * tiles / kSplits};
}

/// One lane asks for its warp's share of a row of tiles, `rowTile` counted over all experts and `own` in the block.
__device__ __forceinline__ void ask_for_weights(const Shared& shared, int own, const uint4* codes, const unsigned int* scales,
                                                long long rowTile, int tiles, Share share, BulkBarrier* barrier) {
    const int count = share.last - share.first;
    if (threadIdx.x % kWarpSize == 0 && count > 0) {
        const long long from = rowTile * tiles + share.first;
        const int to = own * tiles + share.first;
        bulk_expect(barrier, count * (kPieces * 16 + kScaleWords * 4));
        bulk_copy_once(shared.codes + to * kPieces, codes + from * kPieces, count * kPieces * 16, barrier);
        bulk_copy_once(shared.scales + to * kScaleWords, scales + from * kScaleWords, count * kScaleWords * 4, barrier);
    }
}

/// One thread asks for a token; the others fill its last tile up with zeros.
__device__ __forceinline__ void ask_for_token(const Shared& shared, const unsigned short* x, int inner, int tiles, BulkBarrier* barrier) {
    if (threadIdx.x == 0) {
        bulk_expect(barrier, inner * 2);
        bulk_copy(shared.x, x, inner * 2, barrier);
    }
    if (inner % kTileColumns != 0) { // the same for all threads
        for (int i = inner / 8 + threadIdx.x; i < tiles * kVectorsATile; i += blockDim.x) {
            shared.x[i] = make_uint4(0, 0, 0, 0);
        }
        __syncthreads();
    }
}

/// Eight bf16 numbers times kLift, exactly.
__device__ __forceinline__ uint4 lifted(const uint4& x) {
    constexpr unsigned int kLiftPair = 0x71807180u; // 2^100 twice
    return make_uint4(multiply_bf16_pairs(x.x, kLiftPair), multiply_bf16_pairs(x.y, kLiftPair), multiply_bf16_pairs(x.z, kLiftPair),
                      multiply_bf16_pairs(x.w, kLiftPair));
}

/// The sums of the warp's share of a row of tiles, kept in shared memory.
__device__ __forceinline__ void multiply_share(const Shared& shared, int own, int tiles, Share share, float* sums) {
    const int lane = threadIdx.x % kWarpSize;
    float top = 0.0f;
    float bottom = 0.0f;
#pragma unroll 4
    for (int tile = share.first; tile < share.last; tile++) {
        const uint4* x = shared.x + tile * kVectorsATile + lane % 4;
        const int at = own * tiles + tile;
        add_tile(shared.codes[at * kPieces + lane], shared.scales[at * kScaleWords + lane / 4], lifted(x[0]), lifted(x[kBlock / 8]),
                 top, bottom);
    }
    keep(sums, top, bottom);
}

/// h[slot][j] = swiglu(W1[e][2j] · x + b, W1[e][2j + 1] · x + b) for the slot's expert e, from tiles that hold eight gate rows above
/// their eight up rows; four warps a row of tiles, two rows a block. Grid: ceil(width / 16) x slots; dynamic shared memory:
/// ceil(inner / 64) * (2 * 544 + 128) bytes. `inner` and `width` are multiples of 8.
/// @techniques tma, mxfp4, dependent-launch
/// @bytes distinct experts * 2 * width * inner * 17 / 32
/// @flops slots * 4 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kUpThreads, 4)
    expert_gate_up_bulk_mxfp4(unsigned short* __restrict__ h, const uint4* __restrict__ codes, const unsigned int* __restrict__ scales,
                              const unsigned short* __restrict__ biases, const unsigned short* __restrict__ x,
                              const int* __restrict__ ids, int chosen, int inner, int width, float limit) {
    extern __shared__ __align__(128) uint4 dynamic[];
    __shared__ BulkBarrier arrived[kUpThreads / kWarpSize + 1]; // each warp's weights, then the token
    __shared__ float sums[kUpThreads / kWarpSize * kTileRows];
    const int tiles = (inner + kTileColumns - 1) / kTileColumns;
    const Shared shared = lay_out(dynamic, kUpTilesABlock, tiles);
    const int warp = threadIdx.x / kWarpSize;
    const int slot = blockIdx.y;
    const int rowTiles = width / kPairsATile;
    const int own = warp / kSplits;
    const int rowTile = blockIdx.x * kUpTilesABlock + own;
    const Share share = rowTile < rowTiles ? share_of(tiles) : Share{0, 0};
    if (threadIdx.x == 0) {
        for (BulkBarrier& barrier : arrived) {
            bulk_barrier_begin(&barrier);
        }
        bulk_barriers_ready();
    }
    __syncthreads();
    wait_for_previous();
    let_next_begin();
    const long long expert = given(ids)[slot];
    ask_for_weights(shared, own, codes, scales, expert * rowTiles + rowTile, tiles, share, arrived + warp);
    BulkBarrier* token = arrived + kUpThreads / kWarpSize;
    ask_for_token(shared, given(x) + static_cast<long long>(slot / chosen) * inner, inner, tiles, token);
    bulk_wait(token);
    if (share.first < share.last) {
        bulk_wait(arrived + warp);
    }
    multiply_share(shared, own, tiles, share, sums + warp * kTileRows);
    __syncthreads();
    const int j = blockIdx.x * kUpTilesABlock * kPairsATile + threadIdx.x;
    if (threadIdx.x < kUpTilesABlock * kPairsATile && j < width) {
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

/// hidden[token][r] += Σ over the token's slots of weight * (W2[e][r] · h[slot] + b2[e][r]): a cluster a row of tiles, a block a slot, whose
/// sums meet in the first one's shared memory. The weights are asked for before the kernel waits for h, which the kernel before this one
/// writes; the one before that chose the experts. Grid: chosen * width / 16 x tokens in clusters of `chosen`, at most 8; dynamic
/// shared memory: ceil(inner / 64) * (544 + 128) bytes. `inner` is a multiple of 8, `width` of 16.
/// @techniques tma, dsmem, mxfp4, dependent-launch
/// @bytes distinct experts * width * inner * 17 / 32
/// @flops tokens * chosen * 2 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kDownThreads, 7)
    expert_down_cluster_mxfp4(float* __restrict__ hidden, const uint4* __restrict__ codes, const unsigned int* __restrict__ scales,
                              const unsigned short* __restrict__ biases, const unsigned short* __restrict__ h,
                              const int* __restrict__ ids, const float* __restrict__ routing, int chosen, int inner, int width) {
    extern __shared__ __align__(128) uint4 dynamic[];
    __shared__ BulkBarrier arrived[kSplits + 1];
    __shared__ float sums[kSplits * kTileRows];
    __shared__ float ofSlots[kMostChosen * kTileRows]; // in the cluster's first block
    const int tiles = (inner + kTileColumns - 1) / kTileColumns;
    const Shared shared = lay_out(dynamic, 1, tiles);
    const unsigned int slot = cluster_rank();
    const int rowTile = blockIdx.x / chosen;
    const long long token = blockIdx.y;
    const int warp = threadIdx.x / kWarpSize;
    const Share share = share_of(tiles);
    cluster_arrive();
    if (threadIdx.x == 0) {
        for (BulkBarrier& barrier : arrived) {
            bulk_barrier_begin(&barrier);
        }
        bulk_barriers_ready();
    }
    __syncthreads();
    const long long at = token * chosen + slot;
    const long long expert = __ldcg(ids + at);
    ask_for_weights(shared, 0, codes, scales, expert * (width / kTileRows) + rowTile, tiles, share, arrived + warp);
    const float bias = threadIdx.x < kTileRows ? widen(biases[expert * width + rowTile * kTileRows + threadIdx.x]) : 0.0f;
    wait_for_previous();
    let_next_begin();
    ask_for_token(shared, given(h) + at * inner, inner, tiles, arrived + kSplits);
    const float weight = given(routing)[at];
    bulk_wait(arrived + kSplits);
    if (share.first < share.last) {
        bulk_wait(arrived + warp);
    }
    multiply_share(shared, 0, tiles, share, sums + warp * kTileRows);
    cluster_wait(); // the first block has begun
    __syncthreads();
    if (threadIdx.x < kTileRows) {
        float sum = 0.0f;
#pragma unroll
        for (int s = 0; s < kSplits; s++) {
            sum += sums[s * kTileRows + threadIdx.x];
        }
        store_in_block(ofSlots + slot * kTileRows + threadIdx.x, 0, weight * fmaf(sum, kLower, bias));
    }
    cluster_arrive();
    cluster_wait();
    if (slot == 0 && threadIdx.x < kTileRows) {
        float total = 0.0f;
        for (int k = 0; k < chosen; k++) {
            total += ofSlots[k * kTileRows + threadIdx.x];
        }
        hidden[token * width + rowTile * kTileRows + threadIdx.x] += total;
    }
}
