// How the tensor cores take packed weights: in tiles of 16 rows, each tile in steps of some columns, the bytes of a step in the order in
// which the lanes of a warp hold them. A warp then reads whole lines one after the other, and DRAM pages are used up once opened.
#pragma once

#include "../moe/mxfp4_tile.cuh"
#include "mma.cuh"

constexpr int kTileRows = 16;

/// The forms of weights. Lane 4g + t holds numbers of rows g and g + 8 of a tile: of each of kTurns blocks of 32 columns of a step, the
/// eight from column 8t on. `pairs` are those of one turn, as bf16.
struct Mxfp4Tiles {
    static constexpr int kTurns = mxfp4::kTileColumns / mxfp4::kBlock;
    static constexpr int kVectors = 1; // 16-byte vectors that a lane holds of a step
    static constexpr bool kScaled = true;

    /// What the bits of a code read as bf16 are multiplied by: 2^(s - 127) for the scale and 2^126 for the place of the bits. Exact up to
    /// s = 128;
    /// a scale above 2 becomes infinite, so that it cannot go unseen.
    static __device__ __forceinline__ uint32 factor(uint32 scales, int byte) {
        return ((min(scales >> (8 * byte) & 0xFF, 129u) + 126u) << 7) * 0x00010001u;
    }

    static __device__ __forceinline__ void pairs(uint32 (&upper)[4], uint32 (&lower)[4], const uint4 (&held)[1], int turn,
                                                 uint32 scales) {
        mxfp4::expand(turn == 0 ? held[0].x : held[0].z, upper);
        mxfp4::expand(turn == 0 ? held[0].y : held[0].w, lower);
        const uint32 upperFactor = factor(scales, 2 * turn);
        const uint32 lowerFactor = factor(scales, 2 * turn + 1);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            upper[i] = multiply_bf16_pairs(upper[i], upperFactor);
            lower[i] = multiply_bf16_pairs(lower[i], lowerFactor);
        }
    }
};

struct Fp8Tiles {
    static constexpr int kTurns = 2;
    static constexpr int kVectors = 2; // of row g, then of row g + 8
    static constexpr bool kScaled = false; // a row has one scale, for the sums

    static __device__ __forceinline__ void pairs(uint32 (&upper)[4], uint32 (&lower)[4], const uint4 (&held)[2], int turn, uint32) {
        unpack_fp8(upper[0], upper[1], turn == 0 ? held[0].x : held[0].z);
        unpack_fp8(upper[2], upper[3], turn == 0 ? held[0].y : held[0].w);
        unpack_fp8(lower[0], lower[1], turn == 0 ? held[1].x : held[1].z);
        unpack_fp8(lower[2], lower[3], turn == 0 ? held[1].y : held[1].w);
    }
};

/// Columns of a step.
template <typename W>
__device__ __forceinline__ constexpr int step_columns() {
    return 32 * W::kTurns;
}

/// Steps of a row; the last one may hold zeros at its end.
template <typename W>
__device__ __forceinline__ int step_count(int inner) {
    return (inner + step_columns<W>() - 1) / step_columns<W>();
}
