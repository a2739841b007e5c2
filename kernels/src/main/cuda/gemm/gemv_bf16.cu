// y = W x + b for a few rows of x: decode reads every weight once, so memory is the only thing that counts.

#include "../common/numeric.cuh"

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;

/// Where a product goes.
enum class Target { kBf16, kFloat, kAddToFloat };

/// One warp a row of W, all `kTokens` rows of x in shared memory, each weight used kTokens times from registers.
template <int kTokens, Target kTarget>
__device__ __forceinline__ void gemv(void* __restrict__ out, const Bf16* __restrict__ weights,
                                     const Bf16* __restrict__ bias, const Bf16* __restrict__ x,
                                     int rows, int inner, int outStride) {
    extern __shared__ Bf16x8 shared[];
    const int vectors = inner / 8;
    for (int i = threadIdx.x; i < kTokens * vectors; i += kThreads) {
        shared[i] = reinterpret_cast<const Bf16x8*>(x)[i];
    }
    __syncthreads();
    const int row = blockIdx.x * kWarps + threadIdx.x / kWarpSize;
    if (row >= rows) {
        return;
    }
    const int lane = threadIdx.x % kWarpSize;
    const Bf16* const w[1] = {weights + static_cast<long long>(row) * inner};
    float sum[kTokens] = {};
    stream_rows<1, 6>(w, vectors, [&](int i, const Bf16x8(&held)[1]) {
#pragma unroll
        for (int t = 0; t < kTokens; t++) {
            sum[t] = dot8(held[0], shared[t * vectors + i], sum[t]);
        }
    });
#pragma unroll
    for (int t = 0; t < kTokens; t++) {
        sum[t] = warp_sum(sum[t]);
    }
    if (lane == 0) {
        const float b = bias == nullptr ? 0.0f : to_float(bias[row]);
#pragma unroll
        for (int t = 0; t < kTokens; t++) {
            const long long at = static_cast<long long>(t) * outStride + row;
            if constexpr (kTarget == Target::kBf16) {
                static_cast<Bf16*>(out)[at] = to_bf16(sum[t] + b);
            } else if constexpr (kTarget == Target::kFloat) {
                static_cast<float*>(out)[at] = sum[t] + b;
            } else {
                static_cast<float*>(out)[at] += sum[t] + b;
            }
        }
    }
}

/// out = W x + b for 1, 2, 4 or 8 tokens, as bf16 (`out`), as fp32 (`float`) or added to fp32 (`residual`). Each weight is
/// read once, past L1, six 16-byte loads a thread under way. Grid: ceil(rows / 8); dynamic shared memory: tokens * 2 * inner
/// bytes; `inner` is a multiple of 8.
/// @kernel gemv_bf16_out_t1, gemv_bf16_out_t2, gemv_bf16_out_t4, gemv_bf16_out_t8, gemv_bf16_float_t1, gemv_bf16_float_t2,
///   gemv_bf16_float_t4, gemv_bf16_float_t8, gemv_bf16_residual_t1, gemv_bf16_residual_t2, gemv_bf16_residual_t4,
///   gemv_bf16_residual_t8
/// @techniques decode-gemv, vectorised-loads, coalesced-access, shared-memory, ilp, launch-bounds
/// @bytes rows * inner * 2 + tokens * (inner + rows) * 2
/// @flops 2 * tokens * rows * inner
/// @floor bytes / bandwidth
#define GEMV(TOKENS, SUFFIX, TARGET)                                                                                   \
    extern "C" __global__ void __launch_bounds__(kThreads)                                                             \
        gemv_bf16_##SUFFIX##_t##TOKENS(void* __restrict__ out, const Bf16* __restrict__ weights,              \
                                       const Bf16* __restrict__ bias, const Bf16* __restrict__ x,    \
                                       int rows, int inner, int outStride) {                                           \
        gemv<TOKENS, TARGET>(out, weights, bias, x, rows, inner, outStride);                                           \
    }

#define GEMV_TOKENS(SUFFIX, TARGET) \
    GEMV(1, SUFFIX, TARGET)         \
    GEMV(2, SUFFIX, TARGET)         \
    GEMV(4, SUFFIX, TARGET)         \
    GEMV(8, SUFFIX, TARGET)

GEMV_TOKENS(out, Target::kBf16)
GEMV_TOKENS(float, Target::kFloat)
GEMV_TOKENS(residual, Target::kAddToFloat)
