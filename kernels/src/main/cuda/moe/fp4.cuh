// Numbers of four bits (E2M1) in blocks that share a scale, in the order in which the fifth generation's tensor cores take them.
// org.moelab.gpu.model.Mxfp4, Nvfp4 and ScaleTiles describe the same on the host.
#pragma once

#include "../common/bf16.cuh"

namespace fp4 {

/// The largest number.
constexpr float kLargest = 6.0f;
/// The largest UE4M3 scale.
constexpr float kLargestScale = 448.0f;
/// Bits of fp32 from which on a magnitude is infinite or not a number.
constexpr unsigned int kNotFinite = 0x7F800000u;

// Scales lie in tiles of 128 rows, each in steps of 256 columns, each step in pieces of four scales of every row: 512 bytes, as
// `copy_scales` of common/tensor_memory.cuh takes them. What lies beyond the matrix has a scale of zero.
constexpr int kTileRows = 128;
constexpr int kStepColumns = 256;
constexpr int kPieceBytes = 512;

/// NVFP4: 16 numbers share a UE4M3 scale, and the whole tensor has one in fp32.
struct Nvfp4 {
    static constexpr int kBlock = 16;
};

/// MXFP4: 32 numbers share a UE8M0 scale, a power of two.
struct Mxfp4 {
    static constexpr int kBlock = 32;
};

/// Scales of a row in a step.
template <typename Format>
constexpr int kStepScales = kStepColumns / Format::kBlock;

/// Bytes of a tile's scales in a step.
template <typename Format>
constexpr int kStepBytes = kStepScales<Format> / 4 * kPieceBytes;

/// Steps of a matrix.
__device__ __forceinline__ int steps(int inner) {
    return (inner + kStepColumns - 1) / kStepColumns;
}

/// Where the scale of a row's block lies, of a matrix with so many scales a row, whole steps.
__device__ __forceinline__ long long scale_place(long long row, int block, int scalesOfRow) {
    const long long piece = row / kTileRows * (scalesOfRow / 4) + block / 4;
    const int inTile = static_cast<int>(row % kTileRows);
    return piece * kPieceBytes + inTile % 32 * 16 + inTile / 32 * 4 + block % 4;
}

/// The code of the nearest number, the even one of two as near; what is too large becomes the largest. Zero for not-a-number.
__device__ __forceinline__ unsigned int code(float x) {
    const float m = fabsf(x);
    const unsigned int magnitude = (m > 0.25f) + (m >= 0.75f) + (m > 1.25f) + (m >= 1.75f) + (m > 2.5f) + (m >= 3.5f) + (m > 5.0f);
    return magnitude | (__float_as_uint(x) >> 28 & 8u);
}

/// The nearest UE4M3 number's bits, of a number without sign; what is too large becomes the largest.
__device__ __forceinline__ unsigned int ue4m3(float x) {
    unsigned short pair;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(0.0f), "f"(x));
    return pair & 0xFFu;
}

/// What UE4M3 bits stand for, those of not-a-number left out.
__device__ __forceinline__ float ue4m3_value(unsigned int bits) {
    return __uint_as_float(bits << 20) * 1.329227995784916e36f; // 2^120: the difference of the exponents' biases
}

/// The scale of a whole tensor in NVFP4, from the bits of its largest magnitude: with it the largest block's scale is the largest.
__device__ __forceinline__ float tensor_scale(unsigned int largest) {
    return largest == 0 ? 1.0f : __uint_as_float(largest) / (kLargest * kLargestScale);
}

}  // namespace fp4
