// The experts of a few tokens with packed weights, bound by reading them: see common/streamed.cuh.

#include "../common/numeric.cuh"
#include "../common/streamed.cuh"
#include "expert_tiles.cuh"

/// Hands the tiles out to blocks, each tile to as many blocks as there are for it, and calls `work(tile, part, parts)`.
template <typename Work>
__device__ __forceinline__ void share_tiles(const ExpertTile* __restrict__ tiles, int tileCount, Work work) {
    const int parts = max(1, static_cast<int>(gridDim.x) / tileCount);
    for (int unit = blockIdx.x; unit < tileCount * parts; unit += gridDim.x) {
        work(tiles[unit / parts], unit % parts, parts);
    }
}

template <int kNTiles>
__device__ __forceinline__ void token_rows(int (&rows)[kNTiles], int count) {
#pragma unroll
    for (int n = 0; n < kNTiles; n++) {
        rows[n] = min(n * 8 + static_cast<int>(threadIdx.x) % 32 / 4, count - 1);
    }
}

/// h[place][j] = swiglu(W1[e][2j] · x + b, W1[e][2j + 1] · x + b). Gate and up of one j are rows g and g + 8 of a
/// tile, so that both end in one thread.
template <int kNTiles, int kSplit, int kAhead>
__device__ __forceinline__ void gate_up(unsigned short* __restrict__ h, const uint4* __restrict__ codes,
                                        const uint32* __restrict__ scales, const unsigned short* __restrict__ biases,
                                        const uint4* __restrict__ x, const ExpertTile* __restrict__ tiles,
                                        const int* __restrict__ tileCount, const int* __restrict__ tokenOf, int inner, int width,
                                        float limit) {
    extern __shared__ uint4 shared[];
    const int steps = step_count<Mxfp4Tiles>(inner);
    float* shares = reinterpret_cast<float*>(shared + kNTiles * 8 * token_stride<Mxfp4Tiles>(steps));
    share_tiles(tiles, *tileCount, [&](const ExpertTile& tile, int part, int parts) {
        const int rowTiles = (width + kTileRows / 2 - 1) / (kTileRows / 2);
        const int firstTile = tile.expert * rowTiles;
        const unsigned short* bias = biases + static_cast<long long>(tile.expert) * 2 * width;
        int rows[kNTiles];
        token_rows(rows, tile.count);
        __syncthreads();
        stream_tiles<kNTiles, kSplit, kAhead, Mxfp4Tiles>(
            codes, scales, steps, firstTile + part * rowTiles / parts, firstTile + (part + 1) * rowTiles / parts, shared, rows, shares,
            [&] {
                keep_tokens<Mxfp4Tiles>(shared, inner, tile.count, [&](int i) {
                    return x + static_cast<long long>(tokenOf[tile.first + i]) * (inner / 8);
                });
                __syncthreads();
            },
            [&](int t, const float(&sums)[kNTiles][4]) {
                const int lane = threadIdx.x % 32;
                const int j = (t - firstTile) * 8 + lane / 4;
                if (j >= width) {
                    return;
                }
                const float2 b = unpack_pair(*reinterpret_cast<const unsigned int*>(bias + 2 * j));
#pragma unroll
                for (int n = 0; n < kNTiles; n++) {
#pragma unroll
                    for (int i = 0; i < 2; i++) {
                        const int token = n * 8 + lane % 4 * 2 + i;
                        if (token < tile.count) {
                            const float value = swiglu(sums[n][i] + b.x, sums[n][2 + i] + b.y, limit);
                            h[static_cast<long long>(tile.first + token) * width + j] =
                                static_cast<unsigned short>(pack_bf16(value, 0.0f));
                        }
                    }
                }
            });
    });
}

/// y[place][r] = W2[e][r] · h[place] + b2[e][r], in fp32; `combine_experts` weighs and adds them.
template <int kNTiles, int kSplit, int kAhead>
__device__ __forceinline__ void down(float* __restrict__ y, const uint4* __restrict__ codes,
                                     const uint32* __restrict__ scales, const unsigned short* __restrict__ biases,
                                     const uint4* __restrict__ h, const ExpertTile* __restrict__ tiles,
                                     const int* __restrict__ tileCount, int inner, int width) {
    extern __shared__ uint4 shared[];
    const int steps = step_count<Mxfp4Tiles>(inner);
    float* shares = reinterpret_cast<float*>(shared + kNTiles * 8 * token_stride<Mxfp4Tiles>(steps));
    share_tiles(tiles, *tileCount, [&](const ExpertTile& tile, int part, int parts) {
        const int rowTiles = (width + kTileRows - 1) / kTileRows;
        const int firstTile = tile.expert * rowTiles;
        const unsigned short* bias = biases + static_cast<long long>(tile.expert) * width;
        int rows[kNTiles];
        token_rows(rows, tile.count);
        __syncthreads();
        stream_tiles<kNTiles, kSplit, kAhead, Mxfp4Tiles>(
            codes, scales, steps, firstTile + part * rowTiles / parts, firstTile + (part + 1) * rowTiles / parts, shared, rows, shares,
            [&] {
                keep_tokens<Mxfp4Tiles>(shared, inner, tile.count, [&](int i) {
                    return h + static_cast<long long>(tile.first + i) * (inner / 8);
                });
                __syncthreads();
            },
            [&](int t, const float(&sums)[kNTiles][4]) {
                const int lane = threadIdx.x % 32;
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    const int r = (t - firstTile) * 16 + half * 8 + lane / 4;
                    if (r >= width) {
                        continue;
                    }
                    const float b = __uint_as_float(static_cast<unsigned int>(bias[r]) << 16);
#pragma unroll
                    for (int n = 0; n < kNTiles; n++) {
#pragma unroll
                        for (int i = 0; i < 2; i++) {
                            const int token = n * 8 + lane % 4 * 2 + i;
                            if (token < tile.count) {
                                y[static_cast<long long>(tile.first + token) * width + r] = sums[n][half * 2 + i] + b;
                            }
                        }
                    }
                }
            });
    });
}

/// The two products of the experts over the tiles of `sort_slots` (at most 8, 16 or 32 tokens each), weights and scales packed by
/// `pack_mxfp4_tiles`. Grid: multiprocessors; dynamic shared memory: the tokens of a tile and the sums of the shares.
/// @kernel expert_gate_up_stream_mxfp4_n8, expert_down_stream_mxfp4_n8, expert_gate_up_stream_mxfp4_n16,
///   expert_down_stream_mxfp4_n16, expert_gate_up_stream_mxfp4_n32, expert_down_stream_mxfp4_n32
/// @techniques mxfp4, device-routing, tiling, latency-hiding, bank-conflicts
/// @bytes distinct experts * rows * inner * 17 / 32
/// @flops slots * 2 * rows * inner
/// @floor bytes / bandwidth
#define EXPERTS(TOKENS, SPLIT, AHEAD, THREADS)                                                                               \
    extern "C" __global__ void __launch_bounds__(THREADS, 1) expert_gate_up_stream_mxfp4_n##TOKENS(                        \
        unsigned short* __restrict__ h, const uint4* __restrict__ codes, const uint32* __restrict__ scales,           \
        const unsigned short* __restrict__ biases, const uint4* __restrict__ x, const ExpertTile* __restrict__ tiles,        \
        const int* __restrict__ tileCount, const int* __restrict__ tokenOf, int inner, int width, float limit) {             \
        gate_up<TOKENS / 8, SPLIT, AHEAD>(h, codes, scales, biases, x, tiles, tileCount, tokenOf, inner, width, limit);      \
    }                                                                                                                        \
    extern "C" __global__ void __launch_bounds__(THREADS, 1) expert_down_stream_mxfp4_n##TOKENS(                            \
        float* __restrict__ y, const uint4* __restrict__ codes, const uint32* __restrict__ scales,                    \
        const unsigned short* __restrict__ biases, const uint4* __restrict__ h, const ExpertTile* __restrict__ tiles,        \
        const int* __restrict__ tileCount, int inner, int width) {                                                           \
        down<TOKENS / 8, SPLIT, AHEAD>(y, codes, scales, biases, h, tiles, tileCount, inner, width);                         \
    }

EXPERTS(8, 2, 6, 704)
EXPERTS(16, 2, 6, 512)
EXPERTS(32, 2, 6, 512)
