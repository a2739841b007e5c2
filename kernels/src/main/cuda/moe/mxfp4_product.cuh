// A tile of packed weights times one token on the tensor cores.
#pragma once

#include "../common/numeric.cuh"
#include "mxfp4_tile.cuh"

namespace mxfp4 {

/// 16-byte vectors of activations that a tile's columns take.
constexpr int kVectorsATile = kTileColumns / 8;

__device__ __forceinline__ float widen(unsigned short bf16) {
    return __uint_as_float(static_cast<unsigned int>(bf16) << 16);
}

__device__ __forceinline__ unsigned short round_to_bf16(float v) {
    unsigned short bits;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(v));
    return bits;
}

/// Sixteen rows of weights times one column of activations, on top of `sums`: rows g and g + 8 of the lane's group g come
/// out as sums[0] and sums[2].
__device__ __forceinline__ void multiply(float (&sums)[4], const unsigned int (&top)[4], const unsigned int (&bottom)[4],
                                         int pair, unsigned int x0, unsigned int x1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
        : "r"(top[pair]), "r"(bottom[pair]), "r"(top[pair + 1]), "r"(bottom[pair + 1]), "r"(x0), "r"(x1));
}

/// Adds a tile's products with one column of lifted activations to the lane's two rows. A block's sum is scaled in fp32, so that codes
/// need no product of their own. Lane 4g + t gives the columns 8t to 8t + 7 of both blocks.
__device__ __forceinline__ void add_tile(const uint4& codes, unsigned int scales, const uint4& first, const uint4& second, float& top,
                                         float& bottom) {
    unsigned int upper[4];
    unsigned int lower[4];
    float sums[4] = {};
    expand(codes.x, upper);
    expand(codes.y, lower);
    multiply(sums, upper, lower, 0, first.x, first.y);
    multiply(sums, upper, lower, 2, first.z, first.w);
    top = fmaf(scale<0>(scales), sums[0], top);
    bottom = fmaf(scale<1>(scales), sums[2], bottom);
    float others[4] = {};
    expand(codes.z, upper);
    expand(codes.w, lower);
    multiply(others, upper, lower, 0, second.x, second.y);
    multiply(others, upper, lower, 2, second.z, second.w);
    top = fmaf(scale<2>(scales), others[0], top);
    bottom = fmaf(scale<3>(scales), others[2], bottom);
}

/// Keeps the sixteen sums of a warp; the four lanes of a group hold the same.
__device__ __forceinline__ void keep(float* sums, float top, float bottom) {
    const int lane = threadIdx.x % kWarpSize;
    if (lane % 4 == 0) {
        sums[lane / 4] = top;
        sums[lane / 4 + kTileRows / 2] = bottom;
    }
}

}  // namespace mxfp4
