// How much each expert wants a token.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;

/// logits[token][e] = W[e] · norm(x[token]) + b[e], from the fp32 hidden state and in fp32 throughout: rounding the router's
/// input to bf16 would send some tokens to other experts. Each block norms its token again, which costs less than a launch.
/// One warp an expert. Grid: ceil(experts / 8) x tokens; dynamic shared memory: 4 * width bytes.
/// @techniques dependent-launch
/// @bytes experts * width * 2 + tokens * width * 4
/// @flops 2 * tokens * experts * width
/// @floor bytes / bandwidth; at few tokens latency
extern "C" __global__ void __launch_bounds__(kThreads)
    router_logits(float* __restrict__ logits, const float* __restrict__ x, const Bf16* __restrict__ norm,
                  const Bf16* __restrict__ weights, const Bf16* __restrict__ bias, int experts,
                  int width, float epsilon) {
    extern __shared__ float normed[];
    __shared__ float scratch[kWarpSize];
    const long long token = blockIdx.y;
    wait_for_previous();
    let_next_begin();
    x = given(x);
    float square = 0.0f;
    for (int i = threadIdx.x; i < width; i += kThreads) {
        const float v = x[token * width + i];
        square = fmaf(v, v, square);
        normed[i] = v * to_float(norm[i]);
    }
    const float scale = rsqrtf(block_sum(square, scratch) / width + epsilon);
    __syncthreads();
    const int expert = blockIdx.x * kWarps + threadIdx.x / kWarpSize;
    if (expert >= experts) {
        return;
    }
    const int lane = threadIdx.x % kWarpSize;
    const unsigned int* row = reinterpret_cast<const unsigned int*>(weights + static_cast<long long>(expert) * width);
    float sum = 0.0f;
#pragma unroll 8
    for (int i = lane; i < width / 2; i += kWarpSize) {
        const float2 w = unpack_pair(row[i]);
        sum = fmaf(w.x, normed[2 * i], fmaf(w.y, normed[2 * i + 1], sum));
    }
    sum = warp_sum(sum);
    if (lane == 0) {
        logits[token * experts + expert] = sum * scale + to_float(bias[expert]);
    }
}

constexpr int kTileTokens = 8; // one a warp while they are normed
constexpr int kWarpExperts = 4;

/// The same for many tokens: a block norms a tile of eight and shows it to all experts, so that a weight that is read serves eight tokens
/// and a token is normed once. A warp has four experts at a time. Grid: ceil(tokens / 8); dynamic shared memory: 8 * 4 * width bytes;
/// `width` is a multiple of 2.
/// @techniques tiling, dependent-launch
/// @bytes experts * width * 2 + tokens * width * 4
/// @flops 2 * tokens * experts * width
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    router_logits_tiled(float* __restrict__ logits, const float* __restrict__ x, const Bf16* __restrict__ norm,
                        const Bf16* __restrict__ weights, const Bf16* __restrict__ bias, int tokens, int experts, int width,
                        float epsilon) {
    extern __shared__ float2 tile[];
    __shared__ float scales[kTileTokens];
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
    square = warp_sum(square);
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
        float sums[kWarpExperts][kTileTokens] = {};
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
                    sums[e][t] = fmaf(w[e].x, v.x, fmaf(w[e].y, v.y, sums[e][t]));
                }
            }
        }
#pragma unroll
        for (int e = 0; e < kWarpExperts; e++) {
#pragma unroll
            for (int t = 0; t < kTileTokens; t++) {
                const float sum = warp_sum(sums[e][t]);
                if (lane == 0 && expert + e < experts && first + t < tokens) {
                    logits[static_cast<long long>(first + t) * experts + expert + e] = sum * scales[t] + to_float(bias[expert + e]);
                }
            }
        }
    }
}
