// Which experts see a token, and with what weight.

#include "../common/numeric.cuh"

/// The `chosen` largest logits of each token, falling, and their softmax. Equal logits go to the lower expert. One warp a
/// token, `experts` at most 1024. Grid: tokens, 32 threads.
/// @techniques none
/// @bytes tokens * (experts * 4 + chosen * 8)
/// @flops tokens * chosen * experts
/// @floor latency of `chosen` rounds of a warp's maximum
extern "C" __global__ void top_experts(int* __restrict__ ids, float* __restrict__ weights,
                                       const float* __restrict__ logits, int experts, int chosen) {
    const long long token = blockIdx.x;
    const int lane = threadIdx.x;
    float first = 0.0f;
    float sum = 0.0f;
    float mine = 0.0f;  // lane r keeps the r-th exponential
    int mineId = 0;
    float held[32];
    const int rounds = (experts + kWarpSize - 1) / kWarpSize;
#pragma unroll
    for (int i = 0; i < 32; i++) {
        const int e = i * kWarpSize + lane;
        held[i] = i < rounds && e < experts ? logits[token * experts + e] : -kInfinity;
    }
    for (int r = 0; r < chosen; r++) {
        float best = -kInfinity;
        int bestId = experts;
#pragma unroll
        for (int i = 0; i < 32; i++) {
            if (held[i] > best) {
                best = held[i];
                bestId = i * kWarpSize + lane;
            }
        }
#pragma unroll
        for (int step = kWarpSize / 2; step > 0; step /= 2) {
            const float other = __shfl_xor_sync(0xFFFFFFFFu, best, step);
            const int otherId = __shfl_xor_sync(0xFFFFFFFFu, bestId, step);
            if (other > best || (other == best && otherId < bestId)) {
                best = other;
                bestId = otherId;
            }
        }
        if (r == 0) {
            first = best;
        }
        const float e = expf(best - first);
        sum += e;
        if (lane == r) {
            mine = e;
            mineId = bestId;
        }
#pragma unroll
        for (int i = 0; i < 32; i++) {
            if (i * kWarpSize + lane == bestId) {
                held[i] = -kInfinity;
            }
        }
    }
    if (lane < chosen) {
        ids[token * chosen + lane] = mineId;
        weights[token * chosen + lane] = mine / sum;
    }
}
