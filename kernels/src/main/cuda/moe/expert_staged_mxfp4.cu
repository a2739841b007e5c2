// The experts of many tokens as tensor-core products with packed weights: see common/staged.cuh.

#include "../common/numeric.cuh"
#include "../common/staged.cuh"
#include "expert_tiles.cuh"

/// h[place][j] = swiglu(W1[e][2j] · x + b, W1[e][2j + 1] · x + b) for the tokens of a tile. Gate and up of one j
/// are rows g and g + 8 of a warp's tile, so that both end in one thread.
template <typename S>
__device__ __forceinline__ void gate_up(unsigned short* __restrict__ h, const uint4* __restrict__ codes,
                                        const uint32* __restrict__ scales, const unsigned short* __restrict__ biases,
                                        const uint4* __restrict__ x, const ExpertTile* __restrict__ tiles,
                                        const int* __restrict__ tileCount, const int* __restrict__ tokenOf, int inner, int width,
                                        float limit) {
    extern __shared__ uint4 shared[];
    if (static_cast<int>(blockIdx.y) >= *tileCount) {
        return;
    }
    const ExpertTile tile = tiles[blockIdx.y];
    const int firstJ = blockIdx.x * (S::kRows / 2);
    const long long expertRow = static_cast<long long>(tile.expert) * 2 * width;
    const int rowTiles = (width + kTileRows / 2 - 1) / (kTileRows / 2);
    const int firstTile = tile.expert * rowTiles;
    __shared__ const uint4* tokens[S::kTokens];
    for (int i = threadIdx.x; i < tile.count; i += S::kThreads) {
        tokens[i] = x + static_cast<long long>(tokenOf[tile.first + i]) * (inner / 8);
    }
    float sums[S::kMTiles][S::kNTiles][4] = {};
    multiply<S>(sums, shared, codes, scales, inner, firstTile + blockIdx.x * (S::kRows / kTileRows), firstTile + rowTiles, tile.count, tokens);
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    if (warp >= S::kWarpsM * S::kWarpsN) {
        return;
    }
#pragma unroll
    for (int m = 0; m < S::kMTiles; m++) {
        const int j = firstJ + (warp % S::kWarpsM * S::kMTiles + m) * 8 + lane / 4;
        if (j >= width) {
            continue;
        }
        const unsigned int bias = *reinterpret_cast<const unsigned int*>(biases + expertRow + 2 * j);
        const float2 b = unpack_pair(bias);
#pragma unroll
        for (int n = 0; n < S::kNTiles; n++) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                const int token = (warp / S::kWarpsM * S::kNTiles + n) * 8 + lane % 4 * 2 + i;
                if (token < tile.count) {
                    const float value = swiglu(sums[m][n][i] + b.x, sums[m][n][2 + i] + b.y, limit);
                    h[static_cast<long long>(tile.first + token) * width + j] =
                        static_cast<unsigned short>(pack_bf16(value, 0.0f));
                }
            }
        }
    }
}

/// y[place][r] = W2[e][r] · h[place] + b2[e][r] for the tokens of a tile, in fp32; `combine_experts` weighs and adds them.
template <typename S>
__device__ __forceinline__ void down(float* __restrict__ y, const uint4* __restrict__ codes,
                                     const uint32* __restrict__ scales, const unsigned short* __restrict__ biases,
                                     const uint4* __restrict__ h, const ExpertTile* __restrict__ tiles,
                                     const int* __restrict__ tileCount, int inner, int width) {
    extern __shared__ uint4 shared[];
    if (static_cast<int>(blockIdx.y) >= *tileCount) {
        return;
    }
    const ExpertTile tile = tiles[blockIdx.y];
    const int firstRow = blockIdx.x * S::kRows;
    const long long expertRow = static_cast<long long>(tile.expert) * width;
    const int rowTiles = (width + kTileRows - 1) / kTileRows;
    const int firstTile = tile.expert * rowTiles;
    __shared__ const uint4* tokens[S::kTokens];
    for (int i = threadIdx.x; i < tile.count; i += S::kThreads) {
        tokens[i] = h + static_cast<long long>(tile.first + i) * (inner / 8);
    }
    float sums[S::kMTiles][S::kNTiles][4] = {};
    multiply<S>(sums, shared, codes, scales, inner, firstTile + blockIdx.x * (S::kRows / kTileRows), firstTile + rowTiles, tile.count, tokens);
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    if (warp >= S::kWarpsM * S::kWarpsN) {
        return;
    }
#pragma unroll
    for (int m = 0; m < S::kMTiles; m++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int r = firstRow + (warp % S::kWarpsM * S::kMTiles + m) * 16 + half * 8 + lane / 4;
            if (r >= width) {
                continue;
            }
            const float b = __uint_as_float(static_cast<unsigned int>(biases[expertRow + r]) << 16);
#pragma unroll
            for (int n = 0; n < S::kNTiles; n++) {
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    const int token = (warp / S::kWarpsM * S::kNTiles + n) * 8 + lane % 4 * 2 + i;
                    if (token < tile.count) {
                        y[static_cast<long long>(tile.first + token) * width + r] = sums[m][n][half * 2 + i] + b;
                    }
                }
            }
        }
    }
}

//                   warps m, n, tiles m, n, split, stages, ahead
using More = Shape<4, 1, 2, 8, 1, 3, 1>;
using Many = Shape<4, 2, 2, 8, 1, 3, 1>;

/// The two products of the experts over the tiles of `sort_slots` (at most 64 or 128 tokens each), weights and scales packed by
/// `pack_mxfp4_tiles`. Grid: blocks of weight rows x the most tiles that there can be; dynamic shared memory: the stages.
/// @kernel expert_gate_up_staged_mxfp4_n64, expert_down_staged_mxfp4_n64, expert_gate_up_staged_mxfp4_n128,
///   expert_down_staged_mxfp4_n128
/// @techniques mxfp4, device-routing, tiling, double-buffering, async-pipeline, bank-conflicts
/// @bytes distinct experts * rows * inner * 17 / 32 + slots * (inner + rows) * 2
/// @flops slots * 2 * rows * inner
/// @floor flops / bf16 tensor rate
#define EXPERTS(TOKENS, SHAPE, BLOCKS)                                                                                   \
    extern "C" __global__ void __launch_bounds__(SHAPE::kThreads, BLOCKS) expert_gate_up_staged_mxfp4_n##TOKENS(          \
        unsigned short* __restrict__ h, const uint4* __restrict__ codes, const uint32* __restrict__ scales,         \
        const unsigned short* __restrict__ biases, const uint4* __restrict__ x, const ExpertTile* __restrict__ tiles,     \
        const int* __restrict__ tileCount, const int* __restrict__ tokenOf, int inner, int width, float limit) {         \
        static_assert(SHAPE::kTokens == TOKENS, "the name tells the tile");                                              \
        gate_up<SHAPE>(h, codes, scales, biases, x, tiles, tileCount, tokenOf, inner, width, limit);                     \
    }                                                                                                                    \
    extern "C" __global__ void __launch_bounds__(SHAPE::kThreads, BLOCKS) expert_down_staged_mxfp4_n##TOKENS(             \
        float* __restrict__ y, const uint4* __restrict__ codes, const uint32* __restrict__ scales,                \
        const unsigned short* __restrict__ biases, const uint4* __restrict__ h, const ExpertTile* __restrict__ tiles,     \
        const int* __restrict__ tileCount, int inner, int width) {                                                       \
        down<SHAPE>(y, codes, scales, biases, h, tiles, tileCount, inner, width);                                        \
    }

EXPERTS(64, More, 2)
EXPERTS(128, Many, 1)
