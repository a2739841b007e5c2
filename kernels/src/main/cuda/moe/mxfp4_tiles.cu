// An expert's MXFP4 matrix into tiles, once at load, and out of them as bf16, for products of many tokens.

#include "mxfp4_tile.cuh"

using namespace mxfp4;

constexpr int kThreads = 256;

/// A lane's place in a tile: its two rows of the matrix and its first column.
struct Place {
    int top;
    int bottom;
    int column;
};

/// Where piece `i` of a matrix lies. Where rows are paired, a tile holds eight even rows above their eight odd ones.
__device__ __forceinline__ Place place_of(long long i, int tiles, int paired) {
    const int lane = static_cast<int>(i % kPieces);
    const long long tile = i / kPieces;
    const int row = static_cast<int>(tile / tiles) * kTileRows;
    const int group = lane / 4;
    const int column = static_cast<int>(tile % tiles) * kTileColumns + lane % 4 * 8;
    return paired != 0 ? Place{row + 2 * group, row + 2 * group + 1, column}
                       : Place{row + group, row + group + kTileRows / 2, column};
}

__device__ __forceinline__ unsigned int byte_at(const unsigned char* scales, int row, int column, int inner) {
    return column < inner ? scales[static_cast<long long>(row) * (inner / kBlock) + column / kBlock] : 0;
}

__device__ __forceinline__ unsigned int word_at(const unsigned int* codes, int row, int column, int inner) {
    return column < inner ? interleave(codes[(static_cast<long long>(row) * inner + column) / 8]) : 0;
}

/// One expert's codes and scales from the checkpoint's order into tiles; columns beyond `inner` become zeros. `rows` is a
/// multiple of 16, `inner` of 32. One 16-byte piece a thread and step.
/// @techniques mxfp4
/// @bytes 2 * rows * ceil(inner / 64) * 34
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    pack_mxfp4_tiles(uint4* __restrict__ tileCodes, unsigned int* __restrict__ tileScales,
                     const unsigned int* __restrict__ codes, const unsigned char* __restrict__ scales, int rows,
                     int inner, int paired) {
    const int tiles = (inner + kTileColumns - 1) / kTileColumns;
    const long long count = static_cast<long long>(rows / kTileRows) * tiles * kPieces;
    const long long step = static_cast<long long>(gridDim.x) * kThreads;
    for (long long i = static_cast<long long>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += step) {
        const Place p = place_of(i, tiles, paired);
        tileCodes[i] = make_uint4(word_at(codes, p.top, p.column, inner), word_at(codes, p.bottom, p.column, inner),
                                  word_at(codes, p.top, p.column + kBlock, inner),
                                  word_at(codes, p.bottom, p.column + kBlock, inner));
        if (i % 4 == 0) {
            tileScales[i / 4] = byte_at(scales, p.top, p.column, inner) |
                                byte_at(scales, p.bottom, p.column, inner) << 8 |
                                byte_at(scales, p.top, p.column + kBlock, inner) << 16 |
                                byte_at(scales, p.bottom, p.column + kBlock, inner) << 24;
        }
    }
}

/// The factor of a scale byte, exactly: 2^(byte - 127), and not-a-number for 255.
__device__ __forceinline__ float exact_scale(unsigned int byte) {
    return __uint_as_float(byte == 255 ? 0x7FC00000u : byte == 0 ? 0x00400000u : byte << 23);
}

__device__ __forceinline__ unsigned int to_bf16_pair(float low, float high) {
    unsigned int bits;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(high), "f"(low));
    return bits;
}

/// Eight codes times their scale, rounded to bf16: exact unless the scale is at an end of its range.
__device__ __forceinline__ void unpack_word(uint4* out, unsigned int word, float scale) {
    constexpr float kPlace = 8.507059173023462e37f;  // 2^126
    unsigned int pairs[4];
    expand(word, pairs);
#pragma unroll
    for (int i = 0; i < 4; i++) {
        pairs[i] = to_bf16_pair(__uint_as_float(pairs[i] << 16) * kPlace * scale,
                                __uint_as_float(pairs[i] & 0xFFFF0000u) * kPlace * scale);
    }
    *out = make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
}

/// One expert's matrix out of its tiles, row-major in bf16. One piece, 32 numbers, a thread and step.
/// @techniques mxfp4, vectorised-loads
/// @bytes rows * inner * (17 / 32 + 2)
/// @flops 2 * rows * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    unpack_mxfp4_tiles(unsigned short* __restrict__ out, const uint4* __restrict__ tileCodes,
                       const unsigned int* __restrict__ tileScales, int rows, int inner, int paired) {
    const int tiles = (inner + kTileColumns - 1) / kTileColumns;
    const long long count = static_cast<long long>(rows / kTileRows) * tiles * kPieces;
    const long long step = static_cast<long long>(gridDim.x) * kThreads;
    for (long long i = static_cast<long long>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += step) {
        const Place p = place_of(i, tiles, paired);
        const uint4 codes = tileCodes[i];
        const unsigned int scales = tileScales[i / 4];
        uint4* top = reinterpret_cast<uint4*>(out + static_cast<long long>(p.top) * inner + p.column);
        uint4* bottom = reinterpret_cast<uint4*>(out + static_cast<long long>(p.bottom) * inner + p.column);
        unpack_word(top, codes.x, exact_scale(scales & 255));
        unpack_word(bottom, codes.y, exact_scale(scales >> 8 & 255));
        if (p.column + kBlock < inner) {
            unpack_word(top + kBlock / 8, codes.z, exact_scale(scales >> 16 & 255));
            unpack_word(bottom + kBlock / 8, codes.w, exact_scale(scales >> 24));
        }
    }
}
