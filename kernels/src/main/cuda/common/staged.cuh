// Products of packed weight rows with many tokens on the tensor cores: weights go from memory straight into registers, are unpacked
// there and enter the tensor cores; the tokens pass through shared memory in stages.
#pragma once

#include "weight_tiles.cuh"

constexpr int kChunk = 128;                     // numbers of a row that a warp multiplies between two barriers
constexpr int kUnitsPerChunk = kChunk * 2 / 16; // 16-byte units of a token's chunk in bf16

/// How a block of threads divides its work: kWarpsM x kWarpsN warps over weight rows and tokens, each kMTiles x 16 rows and
/// kNTiles x 8 tokens, times kSplit shares of the inner dimension, which are added up in the end.
template <int kM, int kN, int kMTilesOfWarp, int kNTilesOfWarp, int kSplitOfInner, int kStagesOfTokens, int kChunksAhead>
struct Shape {
    static constexpr int kWarpsM = kM;
    static constexpr int kWarpsN = kN;
    static constexpr int kMTiles = kMTilesOfWarp;
    static constexpr int kNTiles = kNTilesOfWarp;
    static constexpr int kSplit = kSplitOfInner;
    static constexpr int kStages = kStagesOfTokens;
    static constexpr int kAhead = kChunksAhead;
    static constexpr int kThreads = 32 * kM * kN * kSplit;
    static constexpr int kRows = 16 * kM * kMTiles;
    static constexpr int kTokens = 8 * kN * kNTiles;
    static constexpr int kUnitsPerStage = kSplit * kTokens * kUnitsPerChunk;
};

/// Where thread t of a quad finds its unit of a chunk's block of 32 columns: quads side by side, and those of every other token swapped
/// with their neighbours, so that the eight lanes that read at once meet eight different bank groups.
__device__ __forceinline__ int unit_place(int token, int block, int t) {
    return token * kUnitsPerChunk + ((block * 4 + t) ^ ((token & 1) << 2));
}

/// Multiplies the block's rows, the tiles from `firstTile` on but at most up to `lastTile`, with some tokens. `tokenOf(i)` names the
/// place of a token's numbers. What lies where the block has no token is multiplied too, into sums that
/// nobody reads. The sums of all shares of the inner dimension end in the first share's warps.
template <typename S>
__device__ __forceinline__ void multiply(float (&sums)[S::kMTiles][S::kNTiles][4], uint4* shared, const uint4* __restrict__ weights,
                                         const uint32* __restrict__ scales, int inner, int firstTile, int lastTile, int count,
                                         const uint4* const* tokenOf) {
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int g = lane / 4;
    const int t = lane % 4;
    const int split = warp / (S::kWarpsM * S::kWarpsN);
    const int warpM = warp % S::kWarpsM;
    const int warpN = warp / S::kWarpsM % S::kWarpsN;
    constexpr int kSteps = kChunk / mxfp4::kTileColumns; // of a chunk
    const int steps = step_count<Mxfp4Tiles>(inner);
    const int units = inner / 8;
    const int chunks = (steps + kSteps * S::kSplit - 1) / (kSteps * S::kSplit); // of each share
    const int present = min(chunks * kSteps, steps - split * chunks * kSteps);

    const uint4* source[S::kMTiles];
    const uint32* sourceScales[S::kMTiles];
#pragma unroll
    for (int m = 0; m < S::kMTiles; m++) {
        const long long tile = min(firstTile + warpM * S::kMTiles + m, lastTile - 1);
        const long long step = tile * steps + split * chunks * kSteps;
        source[m] = weights + step * mxfp4::kPieces + lane;
        sourceScales[m] = scales + step * mxfp4::kScaleWords + g;
    }
    uint4 held[S::kAhead][S::kMTiles][kSteps][1];
    uint32 heldScales[S::kAhead][S::kMTiles][kSteps];
    const auto load = [&](int slot, int chunk) {
#pragma unroll
        for (int m = 0; m < S::kMTiles; m++) {
#pragma unroll
            for (int s = 0; s < kSteps; s++) {
                const int step = chunk * kSteps + s;
                held[slot][m][s][0] = step < present ? __ldg(source[m] + step * mxfp4::kPieces) : make_uint4(0, 0, 0, 0);
                heldScales[slot][m][s] = step < present ? __ldg(sourceScales[m] + step * mxfp4::kScaleWords) : 0;
            }
        }
    };
    const uint32 stages = shared_address(shared);
    const int copiedUnit = threadIdx.x % kUnitsPerChunk;
    const auto stage = [&](int chunk) {
        if (chunk < chunks) {
            const uint32 base = stages + 16u * (chunk % S::kStages) * S::kUnitsPerStage;
#pragma unroll 1
            for (int r = threadIdx.x / kUnitsPerChunk; r < S::kSplit * count; r += S::kThreads / kUnitsPerChunk) {
                const int share = r % S::kSplit;
                const int token = r / S::kSplit;
                const int unit = (share * chunks + chunk) * kUnitsPerChunk + copiedUnit;
                const bool valid = unit < units;
                copy_async_16(base + 16u * (share * S::kTokens * kUnitsPerChunk + unit_place(token, copiedUnit / 4, copiedUnit % 4)),
                              tokenOf[token] + (valid ? unit : 0), valid);
            }
        }
        copy_async_commit();
    };

#pragma unroll
    for (int a = 0; a < S::kAhead; a++) {
        load(a, a);
    }
    __syncthreads(); // the places of the tokens are known
#pragma unroll
    for (int s = 0; s < S::kStages - 1; s++) {
        stage(s);
    }
#pragma unroll 1
    for (int from = 0; from < chunks; from += S::kAhead) {
#pragma unroll
        for (int a = 0; a < S::kAhead; a++) {
            const int chunk = from + a;
            if (chunk < chunks) {
                copy_async_wait<S::kStages - 2>();
                __syncthreads();
                stage(chunk + S::kStages - 1);
                const uint4* tokens = shared + (chunk % S::kStages) * S::kUnitsPerStage + split * S::kTokens * kUnitsPerChunk;
#pragma unroll
                for (int turn = 0; turn < 4; turn++) {
                    uint4 x[S::kNTiles];
#pragma unroll
                    for (int n = 0; n < S::kNTiles; n++) {
                        x[n] = tokens[unit_place((warpN * S::kNTiles + n) * 8 + g, turn, t)];
                    }
#pragma unroll
                    for (int m = 0; m < S::kMTiles; m++) {
                        uint32 upper[4];
                        uint32 lower[4];
                        Mxfp4Tiles::pairs(upper, lower, held[a][m][turn / 2], turn % 2, heldScales[a][m][turn / 2]);
#pragma unroll
                        for (int n = 0; n < S::kNTiles; n++) {
                            mma_bf16(sums[m][n], upper[0], lower[0], upper[1], lower[1], x[n].x, x[n].y);
                        }
#pragma unroll
                        for (int n = 0; n < S::kNTiles; n++) {
                            mma_bf16(sums[m][n], upper[2], lower[2], upper[3], lower[3], x[n].z, x[n].w);
                        }
                    }
                }
                load(a, chunk + S::kAhead);
            }
        }
    }

    if constexpr (S::kSplit > 1) {
        copy_async_wait<0>();
        __syncthreads();
        float* shares = reinterpret_cast<float*>(shared);
        constexpr int kSums = S::kMTiles * S::kNTiles * 4;
        constexpr int kPlaces = S::kWarpsM * S::kWarpsN * 32;
        const int place = warp % (S::kWarpsM * S::kWarpsN) * 32 + lane;
        if (split > 0) {
#pragma unroll
            for (int i = 0; i < kSums; i++) {
                shares[((split - 1) * kSums + i) * kPlaces + place] = sums[i / (4 * S::kNTiles)][i / 4 % S::kNTiles][i % 4];
            }
        }
        __syncthreads();
        if (split == 0) {
#pragma unroll
            for (int s = 0; s < S::kSplit - 1; s++) {
#pragma unroll
                for (int i = 0; i < kSums; i++) {
                    sums[i / (4 * S::kNTiles)][i / 4 % S::kNTiles][i % 4] += shares[(s * kSums + i) * kPlaces + place];
                }
            }
        }
    }
}
