// The experts of a few tokens as matrix-vector products: the expert's number is read on the device, so that the host
// need not know the routing.

#include "../common/numeric.cuh"

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;

/// h[slot][j] = swiglu(W1[e][2j] · x + b, W1[e][2j + 1] · x + b) for the slot's expert e: first product, bias and
/// activation in one launch. One warp a pair of rows; x lies in shared memory. Grid: ceil(width / 8) x slots;
/// dynamic shared memory: 2 * inner bytes. `inner` is a multiple of 8.
/// @techniques decode-gemv, fusion, vectorised-loads, shared-memory, ilp, launch-bounds
/// @bytes distinct experts * 2 * width * inner * 2
/// @flops slots * 4 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    expert_gate_up_swiglu_bf16(Bf16* __restrict__ h, const Bf16* __restrict__ weights,
                               const Bf16* __restrict__ biases, const Bf16* __restrict__ x,
                               const int* __restrict__ ids, int chosen, int inner, int width, float limit) {
    extern __shared__ Bf16x8 shared[];
    const int slot = blockIdx.y;
    const long long expert = ids[slot];
    const int vectors = inner / 8;
    const Bf16x8* source = reinterpret_cast<const Bf16x8*>(x + static_cast<long long>(slot / chosen) * inner);
    for (int i = threadIdx.x; i < vectors; i += kThreads) {
        shared[i] = source[i];
    }
    __syncthreads();
    const int j = blockIdx.x * kWarps + threadIdx.x / kWarpSize;
    if (j >= width) {
        return;
    }
    const Bf16* const rows[2] = {weights + (expert * 2 * width + 2 * j) * inner,
                                          weights + (expert * 2 * width + 2 * j + 1) * inner};
    const int lane = threadIdx.x % kWarpSize;
    float gate = 0.0f;
    float up = 0.0f;
    stream_rows<2, 4>(rows, vectors, [&](int i, const Bf16x8(&held)[2]) {
        gate = dot8(held[0], shared[i], gate);
        up = dot8(held[1], shared[i], up);
    });
    gate = warp_sum(gate);
    up = warp_sum(up);
    if (lane == 0) {
        const Bf16* bias = biases + expert * 2 * width + 2 * j;
        h[static_cast<long long>(slot) * width + j] =
            to_bf16(swiglu(gate + to_float(bias[0]), up + to_float(bias[1]), limit));
    }
}

/// hidden[token][r] += Σ over the token's slots of weight * (W2[e][r] · h[slot] + b2[e][r]): second product, bias,
/// weighting, sum and residual in one launch. One warp a row. Grid: ceil(width / 8) x tokens; dynamic shared memory:
/// chosen * 2 * inner bytes.
/// @techniques decode-gemv, fusion, vectorised-loads, shared-memory, ilp, launch-bounds
/// @bytes distinct experts * width * inner * 2
/// @flops tokens * chosen * 2 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    expert_down_combine_bf16(float* __restrict__ hidden, const Bf16* __restrict__ weights,
                             const Bf16* __restrict__ biases, const Bf16* __restrict__ h,
                             const int* __restrict__ ids, const float* __restrict__ routing, int chosen, int inner,
                             int width) {
    extern __shared__ Bf16x8 shared[];
    const long long token = blockIdx.y;
    const int vectors = inner / 8;
    const Bf16x8* source = reinterpret_cast<const Bf16x8*>(h + token * chosen * inner);
    for (int i = threadIdx.x; i < chosen * vectors; i += kThreads) {
        shared[i] = source[i];
    }
    __syncthreads();
    const int r = blockIdx.x * kWarps + threadIdx.x / kWarpSize;
    if (r >= width) {
        return;
    }
    const int lane = threadIdx.x % kWarpSize;
    float total = 0.0f;
    for (int k = 0; k < chosen; k++) {
        const long long expert = ids[token * chosen + k];
        const float weight = routing[token * chosen + k];
        const Bf16* const row[1] = {weights + (expert * width + r) * inner};
        float sum = 0.0f;
        stream_rows<1, 6>(row, vectors, [&](int i, const Bf16x8(&held)[1]) {
            sum = dot8(held[0], shared[k * vectors + i], sum);
        });
        if (lane == 0) {
            sum += to_float(biases[expert * width + r]);
        }
        total = fmaf(weight, sum, total);
    }
    total = warp_sum(total);
    if (lane == 0) {
        hidden[token * width + r] += total;
    }
}
