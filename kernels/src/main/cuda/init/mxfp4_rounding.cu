// Weights rounded to MXFP4, in the order of moe/mxfp4_tile.cuh, once, when a model is loaded.

#include "../common/numeric.cuh"
#include "../moe/mxfp4_tile.cuh"

using namespace mxfp4;

/// The code of the nearest E2M1 number, the even one of two as near; what is too large becomes 6.
__device__ __forceinline__ unsigned int e2m1_code(float x) {
    const float m = fabsf(x);
    // between neighbours 0, 0.5, 1, 1.5, 2, 3, 4, 6; ties go to the even code
    const unsigned int code = (m > 0.25f) + (m >= 0.75f) + (m > 1.25f) + (m >= 1.75f) + (m > 2.5f) + (m >= 3.5f) + (m > 5.0f);
    return code | (x < 0.0f ? 8u : 0u);
}

__device__ __forceinline__ float e2m1_number(unsigned int code) {
    const unsigned int magnitude = code & 7;
    const float m = magnitude < 4 ? 0.5f * magnitude : magnitude == 4 ? 2.0f : magnitude == 5 ? 3.0f : magnitude == 6 ? 4.0f : 6.0f;
    return code & 8 ? -m : m;
}

__device__ __forceinline__ float power_of_two(int exponent) {
    return __uint_as_float(static_cast<unsigned int>(exponent + 127) << 23); // a normal number
}

/// The square of what the block of 32 numbers, one a lane, loses by a scale of 2^exponent.
__device__ __forceinline__ float lost(float number, int exponent) {
    const float scale = power_of_two(exponent);
    const float error = number - scale * e2m1_number(e2m1_code(number / scale));
    return warp_sum(error * error);
}

/// Rows of bf16 into tiles of MXFP4. A block's scale is one of two powers of two, that which puts its largest magnitude between 2 and 4,
/// or half of it, whichever costs less. `errors[row]` is what rounding takes from a row, the length of the difference; `errors[rows]`, 0
/// before, the largest of them. A warp a row; grid: one warp for each row; `rows` is a multiple of 16, `inner` of 32.
/// @techniques dynamic-precision
/// @bytes rows * inner * (2 + 17 / 32) + rows * 4
/// @flops 8 * rows * inner
/// @floor bytes / bandwidth
extern "C" __global__ void round_mxfp4_tiles(unsigned int* __restrict__ tileCodes, unsigned char* __restrict__ tileScales,
                                             float* __restrict__ errors, const unsigned short* __restrict__ weights, int rows, int inner) {
    const int row = (blockIdx.x * blockDim.x + threadIdx.x) / kWarpSize;
    const int lane = threadIdx.x % kWarpSize;
    if (row >= rows) {
        return;
    }
    constexpr int kLeast = -126;
    const int steps = (inner + kTileColumns - 1) / kTileColumns;
    const unsigned short* numbers = weights + static_cast<long long>(row) * inner;
    const int half = row % kTileRows / 8;
    float error = 0.0f;
    for (int block = 0; block < 2 * steps; block++) {
        const int column = block * kBlock + lane;
        const float number = column < inner ? __uint_as_float(static_cast<unsigned int>(numbers[column]) << 16) : 0.0f;
        const float largest = warp_max(fabsf(number));
        int exponent = kLeast;
        if (largest > 0.0f) {
            const int holding = max(static_cast<int>(__float_as_uint(largest) >> 23) - 127 - 1, kLeast);
            const int halved = max(holding - 1, kLeast);
            const float lossHolding = lost(number, holding);
            const float lossHalved = lost(number, halved);
            exponent = lossHalved < lossHolding ? halved : holding;
            error += fminf(lossHalved, lossHolding);
        }
        unsigned int codes = e2m1_code(number / power_of_two(exponent)) << (4 * (lane % 8));
#pragma unroll
        for (int step = 1; step < 8; step *= 2) {
            codes |= __shfl_xor_sync(0xFFFFFFFFu, codes, step);
        }
        const long long tileStep = static_cast<long long>(row / kTileRows) * steps + block / 2;
        const int word = half + 2 * (block % 2); // of the piece and of the scales
        if (lane % 8 == 0) {
            const int piece = row % 8 * 4 + lane / 8;
            tileCodes[(tileStep * kPieces + piece) * 4 + word] = interleave(codes);
        }
        if (lane == 0) {
            tileScales[(tileStep * kScaleWords + row % 8) * 4 + word] = static_cast<unsigned char>(exponent + 127);
        }
    }
    if (lane == 0) {
        const float length = sqrtf(error);
        errors[row] = length;
        atomicMax(reinterpret_cast<int*>(errors + rows), __float_as_int(length)); // not negative: ordered as their bits
    }
}
