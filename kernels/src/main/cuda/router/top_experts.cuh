// The choice of experts by the lanes of one warp.
#pragma once

#include "../common/numeric.cuh"

/// The `chosen` largest of logits and their softmax, of which lane l holds those of experts l, l + 32 … and -infinity past the last.
/// They fall; equal ones go to the lower expert.
template <int kHeld>
__device__ __forceinline__ void choose_experts(int* ids, float* weights, float (&held)[kHeld], int experts, int chosen) {
    const int lane = threadIdx.x % kWarpSize;
    float first = 0.0f;
    float sum = 0.0f;
    float mine = 0.0f;  // lane r keeps the r-th exponential
    int mineId = 0;
    for (int r = 0; r < chosen; r++) {
        float best = -kInfinity;
        int bestId = experts;
#pragma unroll
        for (int i = 0; i < kHeld; i++) {
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
        for (int i = 0; i < kHeld; i++) {
            if (i * kWarpSize + lane == bestId) {
                held[i] = -kInfinity;
            }
        }
    }
    if (lane < chosen) {
        ids[lane] = mineId;
        weights[lane] = mine / sum;
    }
}
