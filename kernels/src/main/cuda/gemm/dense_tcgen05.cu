// y = W x + b for many tokens in bf16 on the fifth generation's tensor cores: weights are the left matrix, so that a lane of tensor
// memory is a row of weights and a warp stores 32 of a token's results side by side. Compiled, not run.

#include "../common/numeric.cuh"
#include "../common/tile_pipeline.cuh"

#ifdef __CUDA_ARCH_FEAT_SM100_ALL

constexpr int kThreads = 192;
static_assert(kThreads == kPipelineThreads, "as many as the pipeline has roles for");
/// Numbers of the inner dimension in a stage.
constexpr int kInner = tensor::kRowBytes / 2;
/// Bytes of 128 rows of a stage.
constexpr int kHalfStage = tensor::kLanes * tensor::kRowBytes;

/// A block by itself has tiles of 128 x 128; a pair has 256 x 256, of which each block keeps half the rows and half the tokens.
template <int kBlocks>
using Shape = Pipeline<kBlocks, 128 * kBlocks, 4, 2 * kHalfStage, 256 * kBlocks>;

template <int kBlocks, bool kAdds>
__device__ __forceinline__ void dense(const TensorMap& weights, const TensorMap& x, float* out, const Bf16* bias, int tokens, int rows,
                                      int inner, int outStride) {
    using S = Shape<kBlocks>;
    constexpr uint32 kInstruction = tensor::kBf16Types | tensor::sizes(S::kRows, S::kTokens);
    const int rank = kBlocks == 1 ? 0 : static_cast<int>(cluster_rank());
    const int tokenTiles = (tokens + S::kTokens - 1) / S::kTokens;
    const int rowTiles = (rows + S::kRows - 1) / S::kRows;
    if (threadIdx.x == 32 * kCopier) {
        prefetch_map(weights);
        prefetch_map(x);
    }
    work<S>(
        rowTiles * tokenTiles, (inner + kInner - 1) / kInner,
        [&](uint32 to, uint32 barrier, int tile, int step) {
            copy_box<kBlocks>(to, weights, step * kInner, tile / tokenTiles * S::kRows + rank * 128, barrier);
            copy_box<kBlocks>(to + kHalfStage, x, step * kInner, tile % tokenTiles * S::kTokens + rank * 128, barrier);
        },
        [&](uint32 stage, int, uint32, uint32 sums, bool first) {
            const uint64 left = tensor::described(tensor::kSwizzledRows, stage);
            const uint64 right = tensor::described(tensor::kSwizzledRows, stage + kHalfStage);
#pragma unroll
            for (int k = 0; k < tensor::kRowBytes / tensor::kInstructionBytes; k++) {
                const int moved = k * tensor::kInstructionBytes / 16;
                multiply_bf16<kBlocks>(sums, left + moved, right + moved, kInstruction, !first || k > 0);
            }
        },
        [&](int tile, int lane, int column, const float (&sums)[32]) {
            const int row = tile / tokenTiles * S::kRows + rank * 128 + lane;
            const int token = tile % tokenTiles * S::kTokens + column;
            if (row < rows) {
                const float b = bias != nullptr ? to_float(bias[row]) : 0.0f;
                float* at = out + static_cast<long long>(token) * outStride + row;
#pragma unroll
                for (int i = 0; i < 32; i++) {
                    if (token + i < tokens) {
                        float& y = at[static_cast<long long>(i) * outStride];
                        y = kAdds ? y + (sums[i] + b) : sums[i] + b;
                    }
                }
            }
        });
}

/// out = W x + b in fp32, written (`float`) or added (`residual`), for many tokens. Compiled, not run. `weights` maps (rows, inner) and
/// `x` (tokens, inner) of bf16, both in boxes of 128 rows by 64 numbers with a swizzle of 128 bytes; `inner` is a multiple of 8. `bias`
/// may be null. Grid: any number of blocks up to that of tiles of 128 rows x 128 tokens, one a multiprocessor at best, 192 threads;
/// dynamic shared memory: 132096 bytes.
/// @kernel dense_tcgen05_float, dense_tcgen05_residual
/// @architectures sm_100a
/// @techniques tmem, tma, warp-specialisation, persistent-kernels
/// @bytes rows * inner * 2 + tokens * (inner * 2 + rows * 4), twice the last for `residual`
/// @flops 2 * tokens * rows * inner
/// @floor max(bytes / bandwidth, flops / bf16 tensor-core throughput)
#define DENSE(TARGET, ADDS)                                                                                                        \
    extern "C" __global__ void __launch_bounds__(kThreads, 1) dense_tcgen05_##TARGET(                                              \
        const __grid_constant__ TensorMap weights, const __grid_constant__ TensorMap x, float* out, const Bf16* bias, int tokens,  \
        int rows, int inner, int outStride) {                                                                                      \
        dense<1, ADDS>(weights, x, out, bias, tokens, rows, inner, outStride);                                                     \
    }
DENSE(float, false)
DENSE(residual, true)

/// The same by pairs of blocks, which share each product: tiles of 256 rows x 256 tokens. Compiled, not run. Grid: an even number of
/// blocks, at most two for each tile; clusters of two.
/// @kernel dense_tcgen05_pair_float, dense_tcgen05_pair_residual
/// @architectures sm_100a
/// @techniques tmem, two-cta, tma, warp-specialisation, persistent-kernels
/// @bytes rows * inner * 2 + tokens * (inner * 2 + rows * 4), twice the last for `residual`
/// @flops 2 * tokens * rows * inner
/// @floor max(bytes / bandwidth, flops / bf16 tensor-core throughput)
#define DENSE_PAIR(TARGET, ADDS)                                                                                                   \
    extern "C" __global__ void __cluster_dims__(2, 1, 1) __launch_bounds__(kThreads, 1) dense_tcgen05_pair_##TARGET(               \
        const __grid_constant__ TensorMap weights, const __grid_constant__ TensorMap x, float* out, const Bf16* bias, int tokens,  \
        int rows, int inner, int outStride) {                                                                                      \
        dense<2, ADDS>(weights, x, out, bias, tokens, rows, inner, outStride);                                                     \
    }
DENSE_PAIR(float, false)
DENSE_PAIR(residual, true)

#endif
