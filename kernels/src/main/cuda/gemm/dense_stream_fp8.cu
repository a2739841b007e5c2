// y = W x + b for a few tokens with weights in FP8, bound by reading them: see common/streamed.cuh.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"
#include "../common/streamed.cuh"

/// Where a product goes.
enum class Target { kFloat, kAddToFloat };

/// out[token][row] = scale[row] * (W[row] · x[token]) + b[row], each block an equal part of the tiles, for the tokens of blockIdx.y.
template <int kNTiles, int kSplit, int kAhead, Target kTarget>
__device__ __forceinline__ void dense(float* __restrict__ out, const uint4* __restrict__ weights, const float* __restrict__ rowScales,
                                      const unsigned short* __restrict__ bias, const uint4* __restrict__ x, int tokens, int rows,
                                      int inner, int outStride) {
    extern __shared__ uint4 shared[];
    const int steps = step_count<Fp8Tiles>(inner);
    const int firstToken = blockIdx.y * kNTiles * 8;
    const int count = min(kNTiles * 8, tokens - firstToken);
    float* shares = reinterpret_cast<float*>(shared + kNTiles * 8 * token_stride<Fp8Tiles>(steps));
    const int tiles = (rows + kTileRows - 1) / kTileRows;
    const int lane = threadIdx.x % 32;
    int tokenRow[kNTiles];
#pragma unroll
    for (int n = 0; n < kNTiles; n++) {
        tokenRow[n] = min(n * 8 + lane / 4, count - 1);
    }
    stream_tiles<kNTiles, kSplit, kAhead, Fp8Tiles>(
        weights, nullptr, steps, static_cast<int>(static_cast<long long>(blockIdx.x) * tiles / gridDim.x),
        static_cast<int>(static_cast<long long>(blockIdx.x + 1) * tiles / gridDim.x), shared, tokenRow, shares,
        [&] {
            wait_for_previous();
            let_next_begin();
            const uint4* tokensGiven = given(x);
            keep_tokens<Fp8Tiles>(shared, inner, count, [&](int i) { return tokensGiven + static_cast<long long>(firstToken + i) * (inner / 8); });
            __syncthreads();
        },
        [&](int tile, const float(&sums)[kNTiles][4]) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                const int row = tile * kTileRows + half * 8 + lane / 4;
                if (row >= rows) {
                    continue;
                }
                const float b = bias == nullptr ? 0.0f : __uint_as_float(static_cast<unsigned int>(bias[row]) << 16);
                const float scale = rowScales[row];
#pragma unroll
                for (int n = 0; n < kNTiles; n++) {
#pragma unroll
                    for (int i = 0; i < 2; i++) {
                        const int token = n * 8 + lane % 4 * 2 + i;
                        if (token < count) {
                            const long long at = static_cast<long long>(firstToken + token) * outStride + row;
                            const float value = fmaf(sums[n][half * 2 + i], scale, b);
                            if constexpr (kTarget == Target::kFloat) {
                                out[at] = value;
                            } else {
                                out[at] += value;
                            }
                        }
                    }
                }
            }
        });
}

/// out = scale * (W x) + b (`float`) or added to what is there (`residual`), the weights packed by `pack_fp8_tiles`. `bias` may be
/// null, `inner` is a multiple of 8. Grid: multiprocessors x token tiles; dynamic shared memory: the tokens of a tile and the
/// sums of the shares.
/// @kernel dense_stream_fp8_float_n8, dense_stream_fp8_residual_n8, dense_stream_fp8_float_n16, dense_stream_fp8_residual_n16
/// @techniques fp8, tiling, latency-hiding, bank-conflicts, dependent-launch
/// @bytes rows * (inner + 4) + tokens * (inner * 2 + rows * 4), residual: + tokens * rows * 4; + 2 * rows with a bias
/// @flops 2 * tokens * rows * inner
/// @floor bytes / bandwidth
#define DENSE(TOKENS, SPLIT, AHEAD, THREADS, SUFFIX, TARGET)                                                                       \
    extern "C" __global__ void __launch_bounds__(THREADS, 1) dense_stream_fp8_##SUFFIX##_n##TOKENS(                              \
        float* __restrict__ out, const uint4* __restrict__ weights, const float* __restrict__ rowScales,                           \
        const unsigned short* __restrict__ bias, const uint4* __restrict__ x, int tokens, int rows, int inner, int outStride) {    \
        dense<TOKENS / 8, SPLIT, AHEAD, TARGET>(out, weights, rowScales, bias, x, tokens, rows, inner, outStride);                 \
    }

#define DENSE_TARGETS(TOKENS, SPLIT, AHEAD, THREADS)                   \
    DENSE(TOKENS, SPLIT, AHEAD, THREADS, float, Target::kFloat)        \
    DENSE(TOKENS, SPLIT, AHEAD, THREADS, residual, Target::kAddToFloat)

DENSE_TARGETS(8, 8, 4, 768)
DENSE_TARGETS(16, 8, 4, 512)
