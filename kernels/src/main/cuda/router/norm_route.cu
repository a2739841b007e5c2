// From the hidden state of a token to its experts in one launch: a cluster of blocks shares out the router, and the logits meet in the
// shared memory of its first block.

#include "../common/cluster.cuh"
#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/lanes.cuh"
#include "top_experts.cuh"

constexpr int kBlocks = 8;
constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;
/// Vectors of eight columns that a thread holds of a row.
constexpr int kVectors = 2;
/// Experts whose weights a thread holds at a time.
constexpr int kAtOnce = 4;
constexpr int kMostExperts = 256;
constexpr int kMostOwn = kMostExperts / kBlocks;

struct RouterWeights {
    uint4 of[kAtOnce][kVectors];
};

/// This thread's columns of some experts' rows; zeros past the end.
__device__ __forceinline__ void load_rows(RouterWeights& rows, const uint4* weights, int first, int own, int vectors) {
#pragma unroll
    for (int e = 0; e < kAtOnce; e++) {
#pragma unroll
        for (int v = 0; v < kVectors; v++) {
            const int i = v * kThreads + threadIdx.x;
            rows.of[e][v] = first + e < own && i < vectors ? __ldg(weights + static_cast<long long>(first + e) * vectors + i)
                                                           : make_uint4(0, 0, 0, 0);
        }
    }
}

__device__ __forceinline__ float dot_floats(const uint4& w, const float (&x)[8], float acc) {
    const unsigned int words[4] = {w.x, w.y, w.z, w.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const float2 pair = unpack_pair(words[i]);
        acc = fmaf(pair.y, x[2 * i + 1], fmaf(pair.x, x[2 * i], acc));
    }
    return acc;
}

/// normed = x / rms(x) * norm in bf16, and the `chosen` experts of each token by logits[e] = W[e] · normed + b[e], which take the fp32
/// hidden state: rounding the router's input to bf16 would send some tokens to other experts. Grid: 8 * tokens in clusters of 8, one a token.
/// `experts` is a multiple of 8 and at most 256, `width` one of 8 and at most 4096.
/// @techniques dsmem, warp-shuffle, dependent-launch
/// @bytes experts * width * 2 + tokens * width * 6
/// @flops 2 * tokens * experts * width
/// @floor latency
extern "C" __global__ void __launch_bounds__(kThreads, 1)
    KERNEL_NAME(norm_route)(uint4* __restrict__ normed, int* __restrict__ ids, float* __restrict__ routing,
                            const float4* __restrict__ x, const uint4* __restrict__ norm, const uint4* __restrict__ weights,
                            const Bf16* __restrict__ bias, int experts, int chosen, int width, float epsilon) {
    __shared__ float sums[kMostOwn][kWarps];
    __shared__ float squares[kWarps];
    __shared__ float logits[kMostExperts]; // in the cluster's first block, like their count
    __shared__ Inbox arrived;
    __shared__ WarpRoom<float, 1> ofSquares[kWarps];
    __shared__ WarpRoom<float, kAtOnce> ofDots[kWarps];
    __shared__ WarpRoom<Wish, 1> ofWishes;
    const unsigned int rank = cluster_rank();
    const long long token = blockIdx.x / kBlocks;
    const int vectors = width / 8;
    const int own = experts / kBlocks;
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    cluster_begin(&arrived, rank == 0, experts * sizeof(float));
    const uint4* mine = weights + static_cast<long long>(rank) * own * vectors;
    RouterWeights rows;
    load_rows(rows, mine, 0, own, vectors);
    uint4 gains[kVectors];
#pragma unroll
    for (int v = 0; v < kVectors; v++) {
        const int i = v * kThreads + threadIdx.x;
        gains[v] = i < vectors ? __ldg(norm + i) : make_uint4(0, 0, 0, 0);
    }
    wait_for_previous();
    let_next_begin();
    const float4* row = given(x) + token * vectors * 2;
    float scaled[kVectors][8];
    float square = 0.0f;
#pragma unroll
    for (int v = 0; v < kVectors; v++) {
        const int i = v * kThreads + threadIdx.x;
        const float4 zeros = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        const float4 low = i < vectors ? row[2 * i] : zeros;
        const float4 high = i < vectors ? row[2 * i + 1] : zeros;
        const float numbers[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
        const unsigned int words[4] = {gains[v].x, gains[v].y, gains[v].z, gains[v].w};
#pragma unroll
        for (int k = 0; k < 8; k++) {
            const float2 pair = unpack_pair(words[k / 2]);
            square = fmaf(numbers[k], numbers[k], square);
            scaled[v][k] = numbers[k] * (k % 2 == 0 ? pair.x : pair.y);
        }
    }
    square = over_warp(square, Sum(), ofSquares[warp]);
    if (lane == 0) {
        squares[warp] = square;
    }
    for (int first = 0; first < own; first += kAtOnce) {
        float dots[kAtOnce] = {};
#pragma unroll
        for (int e = 0; e < kAtOnce; e++) {
#pragma unroll
            for (int v = 0; v < kVectors; v++) {
                dots[e] = dot_floats(rows.of[e][v], scaled[v], dots[e]);
            }
        }
        if (first + kAtOnce < own) {
            load_rows(rows, mine, first + kAtOnce, own, vectors);
        }
        reduce_warp(dots, Sum(), ofDots[warp]);
#pragma unroll
        for (int e = 0; e < kAtOnce; e++) {
            if (lane == 0 && first + e < own) {
                sums[first + e][warp] = dots[e];
            }
        }
    }
    __syncthreads();
    float all = 0.0f;
#pragma unroll
    for (int w = 0; w < kWarps; w++) {
        all += squares[w];
    }
    const float scale = rsqrtf(all / width + epsilon);
    cluster_begun();
    if (threadIdx.x < own) {
        float sum = 0.0f;
#pragma unroll
        for (int w = 0; w < kWarps; w++) {
            sum += sums[threadIdx.x][w];
        }
        const int expert = rank * own + threadIdx.x;
        send(logits + expert, &arrived, 0, fmaf(sum, scale, to_float(bias[expert])));
    }
    // each block keeps an eighth of the normed row
#pragma unroll
    for (int v = 0; v < kVectors; v++) {
        const int i = v * kThreads + threadIdx.x;
        if (i >= static_cast<int>(rank) * vectors / kBlocks && i < static_cast<int>(rank + 1) * vectors / kBlocks) {
            const float(&s)[8] = scaled[v];
            normed[token * vectors + i] = make_uint4(pack_pair(s[0] * scale, s[1] * scale), pack_pair(s[2] * scale, s[3] * scale),
                                                     pack_pair(s[4] * scale, s[5] * scale), pack_pair(s[6] * scale, s[7] * scale));
        }
    }
    if (rank == 0 && warp == 0) {
        receive(&arrived);
        constexpr int kHeld = kMostExperts / kWarpSize;
        float held[kHeld];
#pragma unroll
        for (int i = 0; i < kHeld; i++) {
            const int e = i * kWarpSize + lane;
            held[i] = e < experts ? logits[e] : -kInfinity;
        }
        choose_experts(ids + token * chosen, routing + token * chosen, held, experts, chosen,
                       [&](Wish best) { return over_warp(best, Stronger(), ofWishes); });
    }
}
