// The choice of experts by the lanes of one warp.
#pragma once

#include "../common/numeric.cuh"

/// An expert and how much it wants a token.
struct Wish {
    float logit;
    int expert;
};

/// The larger logit, the lower expert among equals: whatever the order of the comparisons, the outcome is the same.
struct Stronger {
    __device__ __forceinline__ Wish operator()(Wish a, Wish b) const {
        return b.logit > a.logit || (b.logit == a.logit && b.expert < a.expert) ? b : a;
    }
};

__device__ __forceinline__ Wish of_lane_across(Wish wish, int step) {
    return {__shfl_xor_sync(0xFFFFFFFFu, wish.logit, step), __shfl_xor_sync(0xFFFFFFFFu, wish.expert, step)};
}

/// The `chosen` largest of logits and their softmax, of which lane l holds those of experts l, l + 32 … and -infinity past the last.
/// They fall; equal ones go to the lower expert.
///
/// @param strongest gives every lane the strongest wish of those that the lanes hold
template <int kHeld, typename Strongest>
__device__ __forceinline__ void choose_experts(int* ids, float* weights, float (&held)[kHeld], int experts, int chosen,
                                               Strongest strongest) {
    const int lane = threadIdx.x % kWarpSize;
    float first = 0.0f;
    float sum = 0.0f;
    float mine = 0.0f;  // lane r keeps the r-th exponential
    int mineId = 0;
    for (int r = 0; r < chosen; r++) {
        Wish best = {-kInfinity, experts};
#pragma unroll
        for (int i = 0; i < kHeld; i++) {
            if (held[i] > best.logit) {
                best = {held[i], i * kWarpSize + lane};
            }
        }
        best = strongest(best);
        if (r == 0) {
            first = best.logit;
        }
        const float e = expf(best.logit - first);
        sum += e;
        if (lane == r) {
            mine = e;
            mineId = best.expert;
        }
#pragma unroll
        for (int i = 0; i < kHeld; i++) {
            if (i * kWarpSize + lane == best.expert) {
                held[i] = -kInfinity;
            }
        }
    }
    if (lane < chosen) {
        ids[lane] = mineId;
        weights[lane] = mine / sum;
    }
}
