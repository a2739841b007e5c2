// Which experts see a token, and with what weight.

#include "../common/dependent.cuh"
#include "top_experts.cuh"

/// The `chosen` largest logits of each token, falling, and their softmax. Equal logits go to the lower expert. One warp a
/// token, `experts` at most 1024. Grid: tokens, 32 threads.
/// @techniques dependent-launch
/// @bytes tokens * (experts * 4 + chosen * 8)
/// @flops tokens * chosen * experts
/// @floor latency of `chosen` rounds of a warp's maximum
extern "C" __global__ void top_experts(int* __restrict__ ids, float* __restrict__ weights,
                                       const float* __restrict__ logits, int experts, int chosen) {
    constexpr int kHeld = 32;
    const long long token = blockIdx.x;
    float held[kHeld];
    wait_for_previous();
    let_next_begin();
    logits = given(logits);
#pragma unroll
    for (int i = 0; i < kHeld; i++) {
        const int e = i * kWarpSize + static_cast<int>(threadIdx.x);
        held[i] = e < experts ? logits[token * experts + e] : -kInfinity;
    }
    choose_experts(ids + token * chosen, weights + token * chosen, held, experts, chosen, [](Wish best) {
#pragma unroll
        for (int step = kWarpSize / 2; step > 0; step /= 2) {
            best = Stronger()(best, of_lane_across(best, step));
        }
        return best;
    });
}
