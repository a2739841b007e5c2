// How weights lie in memory for the tensor cores: in tiles of 16 rows, and in each tile in steps of 64 bytes a row, the bytes of a step
// in the order in which the lanes of a warp hold them. A warp then reads whole kilobytes, and DRAM pages are used up once opened.
#pragma once

#include "mma.cuh"

constexpr int kTileRows = 16;
constexpr int kStepVectors = 64; // 16-byte vectors of a tile's step: two of each lane

/// The forms of weights. Lane 4g + t holds of a step the t-th 16 bytes of row g and of row g + 8, and multiplies them in kTurns turns of
/// eight numbers.
struct Mxfp4Tiles {
    static constexpr int kTurns = 4; // a block of 32 numbers with one scale
    static constexpr bool kScaled = true;
    static __device__ __forceinline__ void pairs(uint32 (&out)[4], const uint4& held, int turn, uint32 scale) {
        unpack_fp4_woven(out, turn == 0 ? held.x : turn == 1 ? held.y : turn == 2 ? held.z : held.w, scale);
    }
};

struct Fp8Tiles {
    static constexpr int kTurns = 2;
    static constexpr bool kScaled = false; // a row has one scale, for the sums
    static __device__ __forceinline__ void pairs(uint32 (&out)[4], const uint4& held, int turn, uint32) {
        unpack_fp8(out[0], out[1], turn == 0 ? held.x : held.z);
        unpack_fp8(out[2], out[3], turn == 0 ? held.y : held.w);
    }
};

/// Numbers of a row in a step.
template <typename W>
__device__ __forceinline__ constexpr int step_numbers() {
    return 4 * 8 * W::kTurns;
}

/// Steps of a row; the last one may hold zeros at its end.
template <typename W>
__device__ __forceinline__ int step_count(int inner) {
    return (inner + step_numbers<W>() - 1) / step_numbers<W>();
}
