// The second product of the experts of a few tokens, from packed weights that come by asynchronous copies: every byte that a block needs
// is under way before the kernel waits for its activations, and no register waits for it.

#ifndef SIZE_CHOSEN
#define SIZE_CHOSEN 0
#endif
#ifndef SIZE_HIDDEN
#define SIZE_HIDDEN 0
#endif
#ifndef SIZE_INTERMEDIATE
#define SIZE_INTERMEDIATE 0
#endif

#include "../common/async.cuh"
#include "../common/cluster.cuh"
#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/sizes.cuh"
#include "mxfp4_product.cuh"

using namespace mxfp4;

/// Warps that share the columns of a row of tiles.
constexpr int kSplits = 4;
constexpr int kThreads = kSplits * kWarpSize;
constexpr int kMostChosen = 8;

/// A row of tiles as it lies in shared memory: all codes, all scales, then the token.
struct Shared {
    uint4* codes;
    uint4* scales;
    uint4* x;
};

__device__ __forceinline__ Shared lay_out(uint4* shared, int tiles) {
    uint4* scales = shared + tiles * kPieces;
    return {shared, scales, scales + tiles * (kScaleWords / 4)};
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

/// Asks for the warp's share of a row of tiles, counted over all experts.
__device__ __forceinline__ void ask_for_weights(const Shared& shared, const uint4* codes, const uint4* scales, long long rowTile,
                                                int tiles, Share share) {
    constexpr int kScaleVectors = kScaleWords / 4;
    const int count = share.last - share.first;
    const long long from = rowTile * tiles + share.first;
    const unsigned long long policy = read_once();
    copy_weights_async(shared.codes + share.first * kPieces, codes + from * kPieces, count * kPieces, policy);
    copy_weights_async(shared.scales + share.first * kScaleVectors, scales + from * kScaleVectors, count * kScaleVectors, policy);
}

/// Eight bf16 numbers times kLift, exactly.
__device__ __forceinline__ uint4 lifted(const uint4& x) {
    constexpr unsigned int kLiftPair = 0x71807180u; // 2^100 twice
    return make_uint4(multiply_bf16_pairs(x.x, kLiftPair), multiply_bf16_pairs(x.y, kLiftPair), multiply_bf16_pairs(x.z, kLiftPair),
                      multiply_bf16_pairs(x.w, kLiftPair));
}

/// Copies the warp's share of a token of `vectors` vectors, zeros past its end.
__device__ __forceinline__ void keep_token(const Shared& shared, const uint4* token, int vectors, Share share) {
    constexpr int kAtOnce = 4;
    const int last = share.last * kVectorsATile;
    for (int from = share.first * kVectorsATile + threadIdx.x % kWarpSize; from < last; from += kAtOnce * kWarpSize) {
        uint4 held[kAtOnce];
#pragma unroll
        for (int i = 0; i < kAtOnce; i++) {
            const int at = from + i * kWarpSize;
            held[i] = at < min(last, vectors) ? token[at] : make_uint4(0, 0, 0, 0);
        }
#pragma unroll
        for (int i = 0; i < kAtOnce; i++) {
            const int at = from + i * kWarpSize;
            if (at < last) {
                shared.x[at] = lifted(held[i]);
            }
        }
    }
}

/// The sums of the warp's share of a row of tiles, kept in shared memory. All that the warp reads is what its lanes have copied.
__device__ __forceinline__ void multiply_share(const Shared& shared, Share share, float* sums) {
    const int lane = threadIdx.x % kWarpSize;
    const unsigned int* scales = reinterpret_cast<const unsigned int*>(shared.scales);
    float top = 0.0f;
    float bottom = 0.0f;
#pragma unroll 4
    for (int tile = share.first; tile < share.last; tile++) {
        const uint4* x = shared.x + tile * kVectorsATile + lane % 4;
        add_tile(shared.codes[tile * kPieces + lane], scales[tile * kScaleWords + lane / 4], x[0], x[kBlock / 8], top, bottom);
    }
    keep(sums, top, bottom);
}

/// hidden[token][r] += Σ over the token's slots of weight * (W2[e][r] · h[slot] + b2[e][r]): a cluster a row of tiles, a block a slot, whose
/// sums meet in the first one's shared memory. The weights are asked for before the kernel waits for h, which the kernel before this one
/// writes; the one before that chose the experts. Grid: chosen * width / 16 x tokens in clusters of `chosen`, at most 8; 128 threads;
/// dynamic shared memory: ceil(inner / 64) * (544 + 128) bytes. `inner` is a multiple of 8, `width` of 16.
/// @techniques async-pipeline, dsmem, mxfp4, dependent-launch
/// @bytes distinct experts * width * inner * 17 / 32
/// @flops tokens * chosen * 2 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads, 7)
    KERNEL_NAME(expert_down_cluster_mxfp4)(float* __restrict__ hidden, const uint4* __restrict__ codes,
                                           const uint4* __restrict__ scales, const unsigned short* __restrict__ biases,
                                           const unsigned short* __restrict__ h, const int* __restrict__ ids,
                                           const float* __restrict__ routing, int chosen, int inner, int width) {
    extern __shared__ __align__(128) uint4 dynamic[];
    chosen = sized<SIZE_CHOSEN>(chosen);
    inner = sized<SIZE_INTERMEDIATE>(inner);
    width = sized<SIZE_HIDDEN>(width);
    __shared__ float sums[kSplits * kTileRows];
    __shared__ float ofSlots[kMostChosen * kTileRows]; // in the cluster's first block, like their count
    __shared__ Inbox arrived;
    const int tiles = (inner + kTileColumns - 1) / kTileColumns;
    const Shared shared = lay_out(dynamic, tiles);
    const Share share = share_of(tiles);
    const unsigned int slot = cluster_rank();
    const int rowTile = blockIdx.x / chosen;
    const long long token = blockIdx.y;
    const long long at = token * chosen + slot;
    cluster_begin(&arrived, slot == 0, chosen * kTileRows * sizeof(float));
    const long long expert = __ldcg(ids + at);
    ask_for_weights(shared, codes, scales, expert * (width / kTileRows) + rowTile, tiles, share);
    const float weight = __ldcg(routing + at);
    const float bias = threadIdx.x < kTileRows ? widen(biases[expert * width + rowTile * kTileRows + threadIdx.x]) : 0.0f;
    wait_for_previous();
    let_next_begin();
    keep_token(shared, reinterpret_cast<const uint4*>(given(h)) + at * (inner / 8), inner / 8, share);
    await_copies();
    multiply_share(shared, share, sums + threadIdx.x / kWarpSize * kTileRows);
    __syncthreads();
    cluster_begun();
    if (threadIdx.x >= kWarpSize) {
        return;
    }
    if (threadIdx.x < kTileRows) {
        float sum = 0.0f;
#pragma unroll
        for (int s = 0; s < kSplits; s++) {
            sum += sums[s * kTileRows + threadIdx.x];
        }
        send(ofSlots + slot * kTileRows + threadIdx.x, &arrived, 0, weight * fmaf(sum, kLower, bias));
    }
    if (slot == 0) {
        float& out = hidden[token * width + rowTile * kTileRows + threadIdx.x % kTileRows];
        float total = out;
        receive(&arrived);
        if (threadIdx.x < kTileRows) {
            for (int k = 0; k < chosen; k++) {
                total += ofSlots[k * kTileRows + threadIdx.x];
            }
            out = total;
        }
    }
}
