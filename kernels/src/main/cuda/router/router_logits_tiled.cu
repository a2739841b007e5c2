// How much each expert wants each of many tokens.

#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/lanes.cuh"

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;
constexpr int kTileTokens = 8; // one a warp while they are normed
constexpr int kWarpExperts = 4;

/// logits[token][e] = W[e] · norm(x[token]) + b[e] in fp32, as `router_logits`: a block norms a tile of eight tokens and shows it to all
/// experts, so that a weight that is read serves eight tokens and a token is normed once. A warp has four experts at a time. Grid: ceil(tokens / 8); dynamic shared memory: 8 * 4 * width bytes;
/// `width` is a multiple of 2.
/// @techniques tiling, warp-shuffle, dependent-launch
/// @bytes experts * width * 2 + tokens * width * 4
/// @flops 2 * tokens * experts * width
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    KERNEL_NAME(router_logits_tiled)(float* __restrict__ logits, const float* __restrict__ x, const Bf16* __restrict__ norm,
                                     const Bf16* __restrict__ weights, const Bf16* __restrict__ bias, int tokens, int experts,
                                     int width, float epsilon) {
    extern __shared__ float2 tile[];
    __shared__ float scales[kTileTokens];
    __shared__ WarpRoom<float, 1> ofSquares[kWarps];
    __shared__ WarpRoom<float, kWarpExperts> ofSums[kWarps];
    static_assert(kWarps == kTileTokens, "a warp norms a token");
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int first = blockIdx.x * kTileTokens;
    const int pairs = width / 2;
    wait_for_previous();
    let_next_begin();
    x = given(x);
    const float2* row = reinterpret_cast<const float2*>(x) + static_cast<long long>(min(first + warp, tokens - 1)) * pairs;
    const unsigned int* factors = reinterpret_cast<const unsigned int*>(norm);
    float square = 0.0f;
    for (int i = lane; i < pairs; i += kWarpSize) {
        const float2 v = row[i];
        const float2 factor = unpack_pair(factors[i]);
        square = fmaf(v.x, v.x, fmaf(v.y, v.y, square));
        tile[warp * pairs + i] = make_float2(v.x * factor.x, v.y * factor.y);
    }
    square = over_warp(square, Sum(), ofSquares[warp]);
    if (lane == 0) {
        scales[warp] = rsqrtf(square / width + epsilon);
    }
    __syncthreads();
    for (int expert = warp * kWarpExperts; expert < experts; expert += kWarps * kWarpExperts) {
        const unsigned int* rows[kWarpExperts];
#pragma unroll
        for (int e = 0; e < kWarpExperts; e++) {
            rows[e] = reinterpret_cast<const unsigned int*>(weights) + static_cast<long long>(min(expert + e, experts - 1)) * pairs;
        }
        float sums[kTileTokens][kWarpExperts] = {};
#pragma unroll 2
        for (int i = lane; i < pairs; i += kWarpSize) {
            float2 w[kWarpExperts];
#pragma unroll
            for (int e = 0; e < kWarpExperts; e++) {
                w[e] = unpack_pair(rows[e][i]);
            }
#pragma unroll
            for (int t = 0; t < kTileTokens; t++) {
                const float2 v = tile[t * pairs + i];
#pragma unroll
                for (int e = 0; e < kWarpExperts; e++) {
                    sums[t][e] = fmaf(w[e].x, v.x, fmaf(w[e].y, v.y, sums[t][e]));
                }
            }
        }
#pragma unroll
        for (int t = 0; t < kTileTokens; t++) {
            reduce_warp(sums[t], Sum(), ofSums[warp]);
#pragma unroll
            for (int e = 0; e < kWarpExperts; e++) {
                if (lane == 0 && expert + e < experts && first + t < tokens) {
                    logits[static_cast<long long>(first + t) * experts + expert + e] =
                        sums[t][e] * scales[t] + to_float(bias[expert + e]);
                }
            }
        }
    }
}
