// y = W x + b for one token whose weights come by asynchronous copies: all rows of a block are under way before the kernel waits for x.

#include "../common/async.cuh"
#include "../common/dependent.cuh"
#include "../common/numeric.cuh"

constexpr int kWarps = 8;
constexpr int kThreads = kWarps * kWarpSize;
/// Vectors of x that a lane has under way.
constexpr int kBatch = 6;

template <bool kAdds>
__device__ __forceinline__ void gemv(float* __restrict__ out, const Bf16* __restrict__ weights, const Bf16* __restrict__ bias,
                                     const Bf16* __restrict__ x, int rows, int inner) {
    extern __shared__ __align__(128) uint4 dynamic[];
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int row = blockIdx.x * kWarps + warp;
    const int vectors = inner / 8;
    uint4* held = dynamic + warp * vectors;
    float b = 0.0f;
    if (row < rows) {
        copy_weights_async(held, reinterpret_cast<const uint4*>(weights) + static_cast<long long>(row) * vectors, vectors, read_once());
        b = lane == 0 && bias != nullptr ? to_float(bias[row]) : 0.0f;
    }
    wait_for_previous();
    let_next_begin();
    if (row >= rows) {
        return;
    }
    const uint4* source = reinterpret_cast<const uint4*>(given(x));
    const uint4 nothing = make_uint4(0, 0, 0, 0);
    uint4 xs[kBatch];
#pragma unroll
    for (int i = 0; i < kBatch; i++) {
        const int at = i * kWarpSize + lane;
        xs[i] = at < vectors ? source[at] : nothing;
    }
    await_copies();
    float sum = 0.0f;
    for (int from = 0; from < vectors; from += kBatch * kWarpSize) {
#pragma unroll
        for (int i = 0; i < kBatch; i++) {
            const int at = from + i * kWarpSize + lane;
            const int next = at + kBatch * kWarpSize;
            const uint4 current = xs[i];
            xs[i] = next < vectors ? source[next] : nothing;
            if (at < vectors) {
                sum = dot8(held[at], current, sum);
            }
        }
    }
    sum = warp_sum(sum);
    if (lane == 0) {
        out[row] = kAdds ? out[row] + sum + b : sum + b;
    }
}

/// out = W x + b for one token in fp32, written (`float`) or added (`residual`); a warp a row. Grid: ceil(rows / 8), 256 threads;
/// dynamic shared memory: 8 * 2 * inner bytes; `inner` is a multiple of 8. `bias` may be null.
/// @kernel gemv_async_bf16_float_t1, gemv_async_bf16_residual_t1
/// @techniques async-pipeline, decode-gemv, dependent-launch
/// @bytes rows * inner * 2 + inner * 2 + rows * 4, twice the last for `residual`, + rows * 2 with a bias
/// @flops 2 * rows * inner
/// @floor bytes / bandwidth
#define GEMV(TARGET, ADDS)                                                                                                          \
    extern "C" __global__ void __launch_bounds__(kThreads, 4)                                                                      \
        gemv_async_bf16_##TARGET##_t1(float* __restrict__ out, const Bf16* __restrict__ weights, const Bf16* __restrict__ bias,      \
                                     const Bf16* __restrict__ x, int rows, int inner) {                                            \
        gemv<ADDS>(out, weights, bias, x, rows, inner);                                                                             \
    }

GEMV(float, false)
GEMV(residual, true)
