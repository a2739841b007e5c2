// The experts of a few tokens as matrix-vector products: the expert's number is read on the device, so that the host
// need not know the routing.

#ifndef TECHNIQUE_ILP
#define TECHNIQUE_ILP 1
#endif
#ifndef TECHNIQUE_LATENCY_HIDING
#define TECHNIQUE_LATENCY_HIDING 0
#endif
#ifndef TECHNIQUE_READ_ONLY_CACHE
#define TECHNIQUE_READ_ONLY_CACHE 1
#endif
#ifndef TECHNIQUE_REGISTER_PRESSURE
#define TECHNIQUE_REGISTER_PRESSURE 1
#endif
#ifndef TECHNIQUE_SHARED_MEMORY
#define TECHNIQUE_SHARED_MEMORY 1
#endif
#ifndef TECHNIQUE_VECTORISED_LOADS
#define TECHNIQUE_VECTORISED_LOADS 1
#endif

#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/stream.cuh"

constexpr int kMaxThreads = 512;
constexpr int kMinBlocks = TECHNIQUE_REGISTER_PRESSURE ? 2 : 1;

/// h[slot][j] = swiglu(W1[e][2j] · x + b, W1[e][2j + 1] · x + b) for the slot's expert e: first product, bias and
/// activation in one launch. One warp a pair of rows. Grid: ceil(width / warps a block) x slots, any whole number of warps
/// up to 16 a block; dynamic shared memory: 2 * inner bytes, none without shared-memory. `inner` is a multiple of 8.
/// @techniques decode-gemv, ilp, latency-hiding, read-only-cache, register-pressure, shared-memory, vectorised-loads,
///   dependent-launch
/// @bytes distinct experts * (2 * width * inner * 2 + 4 * width) + tokens * inner * 2 + slots * (width * 2 + 4)
/// @flops slots * 4 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kMaxThreads, kMinBlocks)
    KERNEL_NAME(expert_gate_up_swiglu_bf16)(Bf16* __restrict__ h, const Bf16* __restrict__ weights,
                                            const Bf16* __restrict__ biases, const Bf16* __restrict__ x,
                                            const int* __restrict__ ids, int chosen, int inner, int width,
                                            float limit) {
    constexpr int kBatch = TECHNIQUE_ILP ? 3 : 1;
    const int slot = blockIdx.y;
    wait_for_previous();
    let_next_begin();
    x = given(x);
    const long long expert = given(ids)[slot];
    const int pieces = inner / kNumbersAPiece;
    const int j = blockIdx.x * (blockDim.x / kWarpSize) + threadIdx.x / kWarpSize;
    const Piece* source = reinterpret_cast<const Piece*>(x + static_cast<long long>(slot / chosen) * inner);
#if TECHNIQUE_SHARED_MEMORY
    extern __shared__ uint4 shared[];
    Piece* held = reinterpret_cast<Piece*>(shared);
    const auto prepare = [&] {
        stage(held, source, pieces);
        __syncthreads();
    };
#else
    const Piece* held = source;
    const auto prepare = [] {};
#endif
    const Bf16* pair = weights + (expert * 2 * width + 2 * j) * inner;
    float gate = 0.0f;
    float up = 0.0f;
    stream_rows<2, kBatch>(
        j < width, 1, pieces,
        [&](int, int r) { return reinterpret_cast<const Piece*>(pair + static_cast<long long>(r) * inner); }, prepare,
        [&](int, int i, const Piece(&w)[2]) {
            const Piece xs = held[i];
            gate = dot(w[0], xs, gate);
            up = dot(w[1], xs, up);
        });
    if (j >= width) {
        return;
    }
    gate = warp_sum(gate);
    up = warp_sum(up);
    if (threadIdx.x % kWarpSize == 0) {
        const Bf16* bias = biases + expert * 2 * width + 2 * j;
        h[static_cast<long long>(slot) * width + j] =
            to_bf16(swiglu(gate + to_float(bias[0]), up + to_float(bias[1]), limit));
    }
}

/// hidden[token][r] += Σ over the token's slots of weight * (W2[e][r] · h[slot] + b2[e][r]): second product, bias,
/// weighting, sum and residual in one launch. One warp a row of all chosen experts, one after the other. Grid:
/// ceil(width / warps a block) x tokens, any whole number of warps up to 16 a block; dynamic shared memory:
/// chosen * 2 * inner bytes, none without shared-memory. `inner` is a multiple of 8.
/// @techniques decode-gemv, ilp, latency-hiding, read-only-cache, register-pressure, shared-memory, vectorised-loads,
///   dependent-launch
/// @bytes distinct experts * (width * inner * 2 + 2 * width) + slots * (inner * 2 + 8) + tokens * width * (4 + 4)
/// @flops tokens * chosen * 2 * width * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kMaxThreads, kMinBlocks)
    KERNEL_NAME(expert_down_combine_bf16)(float* __restrict__ hidden, const Bf16* __restrict__ weights,
                                          const Bf16* __restrict__ biases, const Bf16* __restrict__ h,
                                          const int* __restrict__ ids, const float* __restrict__ routing, int chosen,
                                          int inner, int width) {
    constexpr int kBatch = TECHNIQUE_ILP ? 6 : 1;
    const long long token = blockIdx.y;
    const int pieces = inner / kNumbersAPiece;
    const int r = blockIdx.x * (blockDim.x / kWarpSize) + threadIdx.x / kWarpSize;
    wait_for_previous();
    let_next_begin();
    h = given(h);
    const int* experts = given(ids) + token * chosen;
    const float* shares = given(routing) + token * chosen;
    const Piece* source = reinterpret_cast<const Piece*>(h + token * chosen * inner);
#if TECHNIQUE_SHARED_MEMORY
    extern __shared__ uint4 shared[];
    Piece* held = reinterpret_cast<Piece*>(shared);
    const auto prepare = [&] {
        stage(held, source, chosen * pieces);
        __syncthreads();
    };
#else
    const Piece* held = source;
    const auto prepare = [] {};
#endif
    float total = 0.0f;
    stream_rows<1, kBatch>(
        r < width, chosen, pieces,
        [&](int k, int) {
            return reinterpret_cast<const Piece*>(weights + (static_cast<long long>(experts[k]) * width + r) * inner);
        },
        prepare,
        [&](int k, int i, const Piece(&w)[1]) {
            total = fmaf(shares[k], dot(w[0], held[k * pieces + i], 0.0f), total);
        });
    if (r >= width) {
        return;
    }
    total = warp_sum(total);
    if (threadIdx.x % kWarpSize == 0) {
        for (int k = 0; k < chosen; k++) {
            total = fmaf(shares[k], to_float(biases[static_cast<long long>(experts[k]) * width + r]), total);
        }
        hidden[token * width + r] += total;
    }
}
