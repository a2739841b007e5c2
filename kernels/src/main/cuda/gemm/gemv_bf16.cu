// y = W x + b for a few rows of x: decode reads every weight once, so memory is the only thing that counts.

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

/// Blocks that a multiprocessor shall hold at once: with one token 64 registers suffice without spills where the compiler
/// would take 76, with more tokens any limit below what it takes spills.
template <int kTokens>
constexpr int kMinBlocks = TECHNIQUE_REGISTER_PRESSURE && kTokens == 1 ? 2 : 1;

/// Rows of a warp: with several tokens two, so that what is read of x in shared memory serves twice.
template <int kTokens>
constexpr int kRowsAWarp = kTokens < 4 ? 1 : 2;

/// Each weight is used kTokens times from registers.
template <int kTokens, bool kAdds>
__device__ __forceinline__ void gemv(float* __restrict__ out, const Bf16* __restrict__ weights,
                                     const Bf16* __restrict__ bias, const Bf16* __restrict__ x, int rows, int inner,
                                     int outStride) {
    constexpr int kRows = kRowsAWarp<kTokens>;
    constexpr int kBatch = TECHNIQUE_ILP ? (kRows == 1 ? 6 : 3) : 1;
    const int pieces = inner / kNumbersAPiece;
    const int warps = blockDim.x / kWarpSize;
    const int first = (blockIdx.x * warps + threadIdx.x / kWarpSize) * kRows;
    const Piece* source = reinterpret_cast<const Piece*>(x);
#if TECHNIQUE_SHARED_MEMORY
    extern __shared__ uint4 shared[];
    Piece* held = reinterpret_cast<Piece*>(shared);
    const auto prepare = [&] {
        wait_for_previous();
        let_next_begin();
        stage(held, given(source), kTokens * pieces);
        __syncthreads();
    };
#else
    const Piece* held = nullptr;
    const auto prepare = [&] {
        wait_for_previous();
        let_next_begin();
        held = given(source);
    };
#endif
    float sum[kRows][kTokens] = {};
    stream_rows<kRows, kBatch>(
        first < rows, 1, pieces,
        [&](int, int r) {
            return reinterpret_cast<const Piece*>(weights + static_cast<long long>(min(first + r, rows - 1)) * inner);
        },
        prepare,
        [&](int, int i, const Piece(&w)[kRows]) {
#pragma unroll
            for (int t = 0; t < kTokens; t++) {
                const Piece xs = held[t * pieces + i];
#pragma unroll
                for (int r = 0; r < kRows; r++) {
                    sum[r][t] = dot(w[r], xs, sum[r][t]);
                }
            }
        });
#pragma unroll
    for (int r = 0; r < kRows; r++) {
        const int row = first + r;
        if (row >= rows) {
            return;
        }
        const float b = bias == nullptr ? 0.0f : to_float(bias[row]);
#pragma unroll
        for (int t = 0; t < kTokens; t++) {
            const float y = warp_sum(sum[r][t]) + b;
            if (threadIdx.x % kWarpSize == 0) {
                float& at = out[static_cast<long long>(t) * outStride + row];
                at = kAdds ? at + y : y;
            }
        }
    }
}

/// out = W x + b for 1 to 8 tokens in fp32, written (`float`) or added (`residual`). A warp takes one row, from 4 tokens on
/// two. Grid: ceil(rows / (warps a block * rows a warp)), any whole number of warps up to 16 a block; dynamic shared memory:
/// tokens * 2 * inner bytes, none without shared-memory; `inner` is a multiple of 8.
/// @kernel gemv_bf16_float_t1, gemv_bf16_float_t2, gemv_bf16_float_t3, gemv_bf16_float_t4, gemv_bf16_float_t5,
///   gemv_bf16_float_t6, gemv_bf16_float_t7, gemv_bf16_float_t8, gemv_bf16_residual_t1, gemv_bf16_residual_t2,
///   gemv_bf16_residual_t3, gemv_bf16_residual_t4, gemv_bf16_residual_t5, gemv_bf16_residual_t6, gemv_bf16_residual_t7,
///   gemv_bf16_residual_t8
/// @techniques decode-gemv, ilp, latency-hiding, read-only-cache, register-pressure, shared-memory, vectorised-loads,
///   dependent-launch
/// @bytes rows * inner * 2 + tokens * inner * 2 + tokens * rows * 4, twice the last for `residual`, + rows * 2 with a bias
/// @flops 2 * tokens * rows * inner
/// @floor bytes / bandwidth
#define GEMV(TOKENS, TARGET, ADDS)                                                                                     \
    extern "C" __global__ void __launch_bounds__(kMaxThreads, kMinBlocks<TOKENS>)                                      \
        KERNEL_NAME(gemv_bf16_##TARGET##_t##TOKENS)(float* __restrict__ out, const Bf16* __restrict__ weights,         \
                                                    const Bf16* __restrict__ bias, const Bf16* __restrict__ x,         \
                                                    int rows, int inner, int outStride) {                              \
        gemv<TOKENS, ADDS>(out, weights, bias, x, rows, inner, outStride);                                             \
    }

#define GEMV_TARGETS(TOKENS)       \
    GEMV(TOKENS, float, false)     \
    GEMV(TOKENS, residual, true)

GEMV_TARGETS(1)
GEMV_TARGETS(2)
GEMV_TARGETS(3)
GEMV_TARGETS(4)
GEMV_TARGETS(5)
GEMV_TARGETS(6)
GEMV_TARGETS(7)
GEMV_TARGETS(8)
