// Products of weight rows with a few tokens on the tensor cores, bound by reading the weights: every warp streams rows from memory
// into registers on its own, with no barrier on the way, while the tokens lie in shared memory.
#pragma once

#include "weight_tiles.cuh"

/// 16-byte units from one token to the next in shared memory: those of whole steps, an even number of quads.
template <typename W>
__device__ __forceinline__ int token_stride(int steps) {
    return (steps * W::kTurns + 1) / 2 * 8;
}

/// Where thread t of a quad finds its unit of a block of 32 columns: quads side by side, and those of every other token swapped with
/// their neighbours, so that the eight lanes that read at once meet eight different bank groups.
__device__ __forceinline__ int token_place(int token, int stride, int block, int t) {
    return token * stride + ((block * 4 + t) ^ ((token & 1) << 2));
}

/// Copies the numbers of `count` tokens into shared memory, zeros past the end of a row. `tokenOf(i)` tells where a token's lie.
template <typename W, typename TokenOf>
__device__ __forceinline__ void keep_tokens(uint4* shared, int inner, int count, TokenOf tokenOf) {
    const int stride = token_stride<W>(step_count<W>(inner));
    const int units = inner / 8;
    for (int i = threadIdx.x; i < count * stride; i += blockDim.x) {
        const int token = i / stride;
        const int unit = i % stride;
        const int place = token_place(token, stride, unit / 4, unit % 4);
        shared[place] = unit < units ? tokenOf(token)[unit] : make_uint4(0, 0, 0, 0);
    }
}

/// Walks over the tiles [first, last) of a matrix, kSplit warps a tile with a share of its steps each, and gives the sums of each tile
/// to `finish(tile, sums)` in the first of these warps. kNTiles x 8 tokens; kAhead steps are under way. `tokenRow[n]` says where this
/// lane's column of the n-th eight tokens lies in shared memory. `prepare()` is called when the first loads are under way, and ends
/// with a barrier. `shares` has room for 2 * groups * (kSplit - 1) * kNTiles * 128 floats.
template <int kNTiles, int kSplit, int kAhead, typename W, typename Prepare, typename Finish>
__device__ __forceinline__ void stream_tiles(const uint4* __restrict__ weights, const uint32* __restrict__ scales, int steps,
                                             int first, int last, const uint4* shared, const int (&tokenRow)[kNTiles], float* shares,
                                             Prepare prepare, Finish finish) {
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int t = lane % 4;
    const int groups = blockDim.x / (32 * kSplit);
    const int group = warp / kSplit;
    const int share = warp % kSplit;
    const int stride = token_stride<W>(steps);
    const int firstStep = share * steps / kSplit;
    const bool any = firstStep < (share + 1) * steps / kSplit; // a short row has nothing for some shares: they add zeros
    const int lastStep = any ? (share + 1) * steps / kSplit : firstStep + 1;

    uint4 held[kAhead][W::kVectors];
    uint32 heldScales[kAhead];
    int loadTile = first + group;
    int loadStep = firstStep;
    const uint4* source = weights + (static_cast<long long>(loadTile) * steps + firstStep) * (32 * W::kVectors) + lane;
    const uint32* sourceScales = scales + (static_cast<long long>(loadTile) * steps + firstStep) * mxfp4::kScaleWords + lane / 4;
    const long long skip = static_cast<long long>(groups - 1) * steps + (steps - (lastStep - firstStep));
    const auto load = [&](int slot) {
        if (loadTile < last) {
#pragma unroll
            for (int v = 0; v < W::kVectors; v++) {
                held[slot][v] = any ? __ldcs(source + 32 * v) : make_uint4(0, 0, 0, 0);
            }
            source += 32 * W::kVectors;
            if constexpr (W::kScaled) {
                heldScales[slot] = any ? __ldcs(sourceScales) : 0;
                sourceScales += mxfp4::kScaleWords;
            }
            if (++loadStep == lastStep) {
                loadStep = firstStep;
                loadTile += groups;
                source += skip * (32 * W::kVectors);
                sourceScales += skip * mxfp4::kScaleWords;
            }
        }
    };
#pragma unroll
    for (int a = 0; a < kAhead; a++) {
        load(a);
    }
    prepare();

    float sums[kNTiles][4] = {};
    int tile = first + group;
    int step = firstStep;
    int parity = 0;
    while (tile < last) {
#pragma unroll
        for (int a = 0; a < kAhead; a++) {
            if (tile < last) {
#pragma unroll
                for (int turn = 0; turn < W::kTurns; turn++) {
                    uint32 upper[4];
                    uint32 lower[4];
                    W::pairs(upper, lower, held[a], turn, W::kScaled ? heldScales[a] : 0);
#pragma unroll
                    for (int n = 0; n < kNTiles; n++) {
                        const uint4 x = shared[token_place(tokenRow[n], stride, (any ? step : 0) * W::kTurns + turn, t)];
                        mma_bf16(sums[n], upper[0], lower[0], upper[1], lower[1], x.x, x.y);
                        mma_bf16(sums[n], upper[2], lower[2], upper[3], lower[3], x.z, x.w);
                    }
                }
                load(a);
                if (++step == lastStep) {
                    if constexpr (kSplit > 1) {
                        // two places in turn, so that one barrier a tile is enough
                        float* place = shares + ((parity * groups + group) * (kSplit - 1)) * kNTiles * 128 + lane;
                        if (share > 0) {
#pragma unroll
                            for (int i = 0; i < kNTiles * 4; i++) {
                                place[((share - 1) * kNTiles * 4 + i) * 32] = sums[i / 4][i % 4];
                            }
                        }
                        asm volatile("bar.sync %0, %1;" ::"r"(group + 1), "n"(32 * kSplit) : "memory");
                        if (share == 0) {
#pragma unroll
                            for (int s = 0; s < kSplit - 1; s++) {
#pragma unroll
                                for (int i = 0; i < kNTiles * 4; i++) {
                                    sums[i / 4][i % 4] += place[(s * kNTiles * 4 + i) * 32];
                                }
                            }
                        }
                        parity ^= 1;
                    }
                    if (share == 0) {
                        finish(tile, sums);
                    }
#pragma unroll
                    for (int n = 0; n < kNTiles; n++) {
#pragma unroll
                        for (int i = 0; i < 4; i++) {
                            sums[n][i] = 0.0f;
                        }
                    }
                    step = firstStep;
                    tile += groups;
                }
            }
        }
    }
}
