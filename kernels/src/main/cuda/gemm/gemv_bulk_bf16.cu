// y = W x + b for one token whose weights come by bulk copies: all rows of a block are under way before the kernel waits for x.

#include "../common/bulk.cuh"
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
    __shared__ BulkBarrier arrived[kWarps];
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int row = blockIdx.x * kWarps + warp;
    const int vectors = inner / 8;
    uint4* held = dynamic + warp * vectors;
    float b = 0.0f;
    if (lane == 0 && row < rows) {
        bulk_barrier_begin(arrived + warp);
        bulk_barriers_ready();
        bulk_expect(arrived + warp, inner * 2);
        bulk_copy_once(held, weights + static_cast<long long>(row) * inner, inner * 2, arrived + warp);
        b = bias == nullptr ? 0.0f : to_float(bias[row]);
    }
    __syncwarp();
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
    bulk_wait(arrived + warp);
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
/// @kernel gemv_bulk_bf16_float_t1, gemv_bulk_bf16_residual_t1
/// @techniques tma, decode-gemv, dependent-launch
/// @bytes rows * inner * 2 + inner * 2 + rows * 4, twice the last for `residual`, + rows * 2 with a bias
/// @flops 2 * rows * inner
/// @floor bytes / bandwidth
#define GEMV(TARGET, ADDS)                                                                                                          \
    extern "C" __global__ void __launch_bounds__(kThreads, 4)                                                                      \
        gemv_bulk_bf16_##TARGET##_t1(float* __restrict__ out, const Bf16* __restrict__ weights, const Bf16* __restrict__ bias,      \
                                     const Bf16* __restrict__ x, int rows, int inner) {                                            \
        gemv<ADDS>(out, weights, bias, x, rows, inner);                                                                             \
    }

GEMV(float, false)
GEMV(residual, true)
