// The experts' products in four bits on the fifth generation's tensor cores: weights and activations are E2M1 with a scale a block, and
// the tensor cores apply the scales themselves. Compiled, not run.

#include "../common/numeric.cuh"
#include "../common/tile_pipeline.cuh"
#include "expert_tiles.cuh"
#include "fp4.cuh"

#ifdef __CUDA_ARCH_FEAT_SM100_ALL

constexpr int kThreads = 192;
static_assert(kThreads == kPipelineThreads, "as many as the pipeline has roles for");
constexpr int kTokens = 128;
constexpr int kStages = 4;
/// Bytes of 128 rows of a stage: 256 numbers each.
constexpr int kCodes = tensor::kLanes * tensor::kRowBytes;
/// Columns of tensor memory that four scales of 128 rows take.
constexpr int kScaleColumns = 4;
static_assert(tensor::kRowBytes * 2 == fp4::kStepColumns && tensor::kLanes == fp4::kTileRows, "a stage is a step of scales");

template <typename Format>
using Shape = Pipeline<1, kTokens, kStages, 2 * kCodes + 2 * fp4::kStepBytes<Format>, 512>;

/// What a product has beside its maps; experts' matrices and scales follow each other.
struct Product {
    float* out;
    const unsigned char* weightScales;
    const unsigned char* scales;
    const unsigned int* weightTensors;
    const unsigned int* tensor;
    const Bf16* bias;
    const ExpertTile* tiles;
    int rows;
    int inner;
};

/// The factor of an expert's sums.
template <typename Format>
__device__ __forceinline__ float factor(const Product& p, int expert) {
    if constexpr (Format::kBlock == fp4::Nvfp4::kBlock) {
        return fp4::tensor_scale(p.weightTensors[expert]) * fp4::tensor_scale(*p.tensor);
    } else {
        return 1.0f;
    }
}

/// Multiplies a stage, whose scales go to columns that are this stage's own: those of a stage before may still be in use.
template <typename Format>
__device__ __forceinline__ void multiply_stage(uint32 stage, int number, uint32 memory, uint32 sums, bool first) {
    constexpr int kPieces = fp4::kStepScales<Format> / 4;
    constexpr int kInstructions = tensor::kRowBytes / tensor::kInstructionBytes;
    const uint32 leftScales = memory + 2 * kTokens + number * 2 * kPieces * kScaleColumns;
    const uint32 rightScales = leftScales + kPieces * kScaleColumns;
    static_assert(2 * kTokens + kStages * 2 * kPieces * kScaleColumns <= 512, "sums and scales fit tensor memory");
#pragma unroll
    for (int piece = 0; piece < kPieces; piece++) {
        const uint32 from = stage + 2 * kCodes + piece * fp4::kPieceBytes;
        copy_scales(leftScales + piece * kScaleColumns, tensor::described(tensor::kScaleRows, from));
        copy_scales(rightScales + piece * kScaleColumns, tensor::described(tensor::kScaleRows, from + fp4::kStepBytes<Format>));
    }
    const uint64 left = tensor::described(tensor::kSwizzledRows, stage);
    const uint64 right = tensor::described(tensor::kSwizzledRows, stage + kCodes);
#pragma unroll
    for (int k = 0; k < kInstructions; k++) {
        const int moved = k * tensor::kInstructionBytes / 16;
        const int column = k * kPieces / kInstructions * kScaleColumns;
        if constexpr (Format::kBlock == fp4::Nvfp4::kBlock) {
            constexpr uint32 kInstruction = tensor::kNvfp4Types | tensor::sizes(tensor::kLanes, kTokens);
            multiply_nvfp4(sums, left + moved, right + moved, kInstruction, leftScales + column, rightScales + column, !first || k > 0);
        } else {
            // two of a word's four scales each
            const uint32 half = k % 2 * 2;
            const uint32 instruction = tensor::kMxfp4Types | tensor::sizes(tensor::kLanes, kTokens) | half << tensor::kLeftScaleShift |
                                       half << tensor::kRightScaleShift;
            multiply_mxfp4(sums, left + moved, right + moved, instruction, leftScales + column, rightScales + column, !first || k > 0);
        }
    }
}

template <typename Format>
__device__ __forceinline__ void experts(const TensorMap& weights, const TensorMap& x, const Product& p, int tileCount) {
    constexpr int kScaleBytes = fp4::kStepBytes<Format>;
    const int rowTiles = (p.rows + tensor::kLanes - 1) / tensor::kLanes;
    const int steps = fp4::steps(p.inner);
    if (threadIdx.x == 32 * kCopier) {
        prefetch_map(weights);
        prefetch_map(x);
    }
    work<Shape<Format>>(
        tileCount * rowTiles, steps,
        [&](uint32 to, uint32 barrier, int tile, int step) {
            const int tokenTile = tile / rowTiles;
            const int rowTile = tile % rowTiles;
            const int expert = p.tiles[tokenTile].expert;
            const long long weightStep = (static_cast<long long>(expert) * rowTiles + rowTile) * steps + step;
            const long long tokenStep = static_cast<long long>(tokenTile) * steps + step;
            copy_box<1>(to, weights, step * tensor::kRowBytes, expert * p.rows + rowTile * tensor::kLanes, barrier);
            copy_box<1>(to + kCodes, x, step * tensor::kRowBytes, tokenTile * kTokens, barrier);
            copy_bytes(to + 2 * kCodes, p.weightScales + weightStep * kScaleBytes, kScaleBytes, barrier);
            copy_bytes(to + 2 * kCodes + kScaleBytes, p.scales + tokenStep * kScaleBytes, kScaleBytes, barrier);
        },
        [&](uint32 stage, int number, uint32 memory, uint32 sums, bool first) {
            multiply_stage<Format>(stage, number, memory, sums, first);
        },
        [&](int tile, int lane, int column, const float (&sums)[32]) {
            const ExpertTile tokens = p.tiles[tile / rowTiles];
            const int row = tile % rowTiles * tensor::kLanes + lane;
            if (row < p.rows) {
                const float b = p.bias != nullptr ? to_float(p.bias[static_cast<long long>(tokens.expert) * p.rows + row]) : 0.0f;
                const float scale = factor<Format>(p, tokens.expert);
                float* at = p.out + static_cast<long long>(tokens.first + column) * p.rows + row;
#pragma unroll
                for (int i = 0; i < 32; i++) {
                    if (column + i < tokens.count) {
                        at[static_cast<long long>(i) * p.rows] = fmaf(sums[i], scale, b);
                    }
                }
            }
        });
}

/// out[place] = W[expert] x[place] + b[expert] in fp32 for the tokens of `sort_slots`' tiles, of at most 128 each, all in NVFP4. Compiled,
/// not run. `weights` maps (experts * rows, inner / 2) bytes and `x` (128 * tiles, inner / 2), which `quantise_nvfp4` made of the same
/// tiles, both in boxes of 128 rows by 128 bytes with a swizzle of 128 bytes. An expert's scales are those of a matrix by itself, in
/// whole tiles; `weightTensors` has its largest magnitude. `bias` may be null; `inner` is a multiple of 32. Grid: any number of blocks,
/// one a multiprocessor at best, 192 threads; dynamic shared memory: 148480 bytes.
/// @architectures sm_100a
/// @techniques nvfp4, block-scaled-4bit, tmem, tma, warp-specialisation, persistent-kernels
/// @bytes active experts * rows * inner * 9 / 16 + slots * (inner * 9 / 16 + rows * 4)
/// @flops 2 * slots * rows * inner
/// @floor max(bytes / bandwidth, flops / 4-bit tensor-core throughput)
extern "C" __global__ void __launch_bounds__(kThreads, 1) expert_grouped_nvfp4(
    const __grid_constant__ TensorMap weights, const __grid_constant__ TensorMap x, float* out, const unsigned char* weightScales,
    const unsigned char* scales, const unsigned int* weightTensors, const unsigned int* tensor, const Bf16* bias, const ExpertTile* tiles,
    const int* tileCount, int rows, int inner) {
    experts<fp4::Nvfp4>(weights, x, {out, weightScales, scales, weightTensors, tensor, bias, tiles, rows, inner}, *tileCount);
}

/// The same in MXFP4: weights as gpt-oss's checkpoint has them, their scales in tiles (`tile_mxfp4_scales`), activations of
/// `quantise_mxfp4`. Compiled, not run. Dynamic shared memory: 140288 bytes.
/// @architectures sm_100a
/// @techniques mxfp4, block-scaled-4bit, tmem, tma, warp-specialisation, persistent-kernels
/// @bytes active experts * rows * inner * 17 / 32 + slots * (inner * 17 / 32 + rows * 4)
/// @flops 2 * slots * rows * inner
/// @floor max(bytes / bandwidth, flops / 4-bit tensor-core throughput)
extern "C" __global__ void __launch_bounds__(kThreads, 1)
    expert_grouped_mxfp4_blocks(const __grid_constant__ TensorMap weights, const __grid_constant__ TensorMap x, float* out,
                                const unsigned char* weightScales, const unsigned char* scales, const Bf16* bias, const ExpertTile* tiles,
                                const int* tileCount, int rows, int inner) {
    experts<fp4::Mxfp4>(weights, x, {out, weightScales, scales, nullptr, nullptr, bias, tiles, rows, inner}, *tileCount);
}

#endif
