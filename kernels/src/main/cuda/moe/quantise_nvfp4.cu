// bf16 into numbers of four bits with a scale a block, for the tensor cores: activations before a product, weights once. Plain CUDA,
// which needs no chip of the fifth generation.

#include "../common/numeric.cuh"
#include "expert_tiles.cuh"
#include "fp4.cuh"

constexpr int kThreads = 256;

/// The largest magnitude of `count` vectors of eight, as bits of fp32, which compare like the numbers; infinity and not-a-number are
/// above all. `largest` is zero, or an earlier part's. Grid: any.
/// @techniques block-scaled-4bit, vectorised-loads
/// @bytes count * 16
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    largest_magnitude(unsigned int* __restrict__ largest, const uint4* __restrict__ x, long long count) {
    unsigned int mine = 0;
    const long long step = static_cast<long long>(gridDim.x) * kThreads;
    for (long long i = static_cast<long long>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += step) {
        const uint4 v = x[i];
        const unsigned int words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
        for (int w = 0; w < 4; w++) {
            mine = max(mine, max(words[w] << 16 & 0x7FFF0000u, words[w] & 0x7FFF0000u));
        }
    }
    mine = __reduce_max_sync(0xFFFFFFFFu, mine);
    if (threadIdx.x % kWarpSize == 0 && mine > 0) {
        atomicMax(largest, mine);
    }
}

/// A block's scale as it is kept, and the number that its numbers are to be divided by: zero where all of them become zero.
struct BlockScale {
    unsigned int bits;
    float divisor;
};

__device__ __forceinline__ BlockScale block_scale(fp4::Nvfp4, unsigned int largest, const unsigned int* tensor) {
    if (largest >= fp4::kNotFinite) {
        return {0x7Fu, 0.0f}; // not a number
    }
    const float whole = fp4::tensor_scale(*tensor);
    const unsigned int bits = fp4::ue4m3(__uint_as_float(largest) / fp4::kLargest / whole);
    return {bits, fp4::ue4m3_value(bits) * whole};
}

/// The exponent of the largest magnitude less that of 6, as the OCP specification has it (section 6.3): what lies between 6 and 8 times
/// the scale becomes 6.
__device__ __forceinline__ BlockScale block_scale(fp4::Mxfp4, unsigned int largest, const unsigned int*) {
    if (largest >= fp4::kNotFinite) {
        return {0xFFu, 0.0f};
    }
    const unsigned int exponent = largest >> 23;
    const unsigned int bits = exponent > 2 ? exponent - 2 : 0;
    return {bits, __uint_as_float(bits == 0 ? 0x00400000u : bits << 23)};
}

/// Which row of x becomes row `row` of the result; -1 for none.
__device__ __forceinline__ int source_row(long long row, int rows, const ExpertTile* tiles, const int* tileCount, const int* rowOf) {
    if (tiles == nullptr) {
        return row < rows ? static_cast<int>(row) : -1;
    }
    const int tile = static_cast<int>(row / fp4::kTileRows);
    const int at = static_cast<int>(row % fp4::kTileRows);
    if (tile >= *tileCount || at >= tiles[tile].count) {
        return -1;
    }
    const int place = tiles[tile].first + at;
    return rowOf == nullptr ? place : rowOf[place];
}

/// A thread a block of numbers, those of the padding counted in.
template <typename Format>
__device__ __forceinline__ void quantise(unsigned int* codes, unsigned char* scales, const Bf16x8* x, const unsigned int* tensor,
                                         const ExpertTile* tiles, const int* tileCount, const int* rowOf, int rows, int inner) {
    constexpr int kVectors = Format::kBlock / 8;
    const int scalesOfRow = fp4::steps(inner) * fp4::kStepScales<Format>;
    const long long i = static_cast<long long>(blockIdx.x) * kThreads + threadIdx.x;
    const long long row = i / scalesOfRow;
    const int block = static_cast<int>(i % scalesOfRow);
    const long long padded = tiles == nullptr ? (rows + fp4::kTileRows - 1) / fp4::kTileRows * fp4::kTileRows : rows;
    if (row >= padded) {
        return;
    }
    const int source = source_row(row, rows, tiles, tileCount, rowOf);
    if (source < 0 || block * Format::kBlock >= inner) {
        scales[fp4::scale_place(row, block, scalesOfRow)] = 0;
        return;
    }
    const Bf16x8* from = x + (static_cast<long long>(source) * inner + block * Format::kBlock) / 8;
    unsigned int words[4 * kVectors];
    unsigned int largest = 0;
#pragma unroll
    for (int v = 0; v < kVectors; v++) {
        const Bf16x8 vector = from[v];
        words[4 * v] = vector.x;
        words[4 * v + 1] = vector.y;
        words[4 * v + 2] = vector.z;
        words[4 * v + 3] = vector.w;
    }
#pragma unroll
    for (int w = 0; w < 4 * kVectors; w++) {
        largest = max(largest, max(words[w] << 16 & 0x7FFF0000u, words[w] & 0x7FFF0000u));
    }
    const BlockScale scale = block_scale(Format{}, largest, tensor);
    scales[fp4::scale_place(row, block, scalesOfRow)] = static_cast<unsigned char>(scale.bits);
    unsigned int* to = codes + (row * inner + block * Format::kBlock) / 8;
#pragma unroll
    for (int v = 0; v < kVectors; v++) {
        unsigned int packed = 0;
#pragma unroll
        for (int w = 0; w < 4; w++) {
            const float2 pair = unpack_pair(words[4 * v + w]);
            const unsigned int low = scale.divisor > 0.0f ? fp4::code(pair.x / scale.divisor) : 0;
            const unsigned int high = scale.divisor > 0.0f ? fp4::code(pair.y / scale.divisor) : 0;
            packed |= (low | high << 4) << (8 * w);
        }
        to[v] = packed;
    }
}

/// Rows of x in NVFP4: two codes a byte, the first in its lower half, and scales in tiles. `tensor` is `largest_magnitude` of x. Without
/// `tiles` row r becomes row r; with them rows 128 t to 128 t + 127 are those of expert tile t (of at most 128 tokens), token by token,
/// which `rowOf` names by their places (null: the places themselves), and `rows` is 128 times the tiles that there may be. Codes of rows
/// that there are not stay as they were. Grid: whole tiles of rows * ceil(inner / 256) * 16 / 256; `inner` is a multiple of 32.
/// @techniques nvfp4, block-scaled-4bit, vectorised-loads
/// @bytes rows * inner * (2 + 9 / 16)
/// @flops 2 * rows * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    quantise_nvfp4(unsigned int* __restrict__ codes, unsigned char* __restrict__ scales, const Bf16x8* __restrict__ x,
                   const unsigned int* __restrict__ tensor, const ExpertTile* __restrict__ tiles, const int* __restrict__ tileCount,
                   const int* __restrict__ rowOf, int rows, int inner) {
    quantise<fp4::Nvfp4>(codes, scales, x, tensor, tiles, tileCount, rowOf, rows, inner);
}

/// Rows of x in MXFP4, otherwise like `quantise_nvfp4`. Grid: whole tiles of rows * ceil(inner / 256) * 8 / 256.
/// @techniques mxfp4, block-scaled-4bit, vectorised-loads
/// @bytes rows * inner * (2 + 17 / 32)
/// @flops 2 * rows * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    quantise_mxfp4(unsigned int* __restrict__ codes, unsigned char* __restrict__ scales, const Bf16x8* __restrict__ x,
                   const ExpertTile* __restrict__ tiles, const int* __restrict__ tileCount, const int* __restrict__ rowOf, int rows,
                   int inner) {
    quantise<fp4::Mxfp4>(codes, scales, x, nullptr, tiles, tileCount, rowOf, rows, inner);
}

/// Scales of MXFP4 as a checkpoint has them, row by row, into tiles; the codes are in the right order there. One matrix, grid as for
/// `quantise_mxfp4`.
/// @techniques mxfp4, block-scaled-4bit
/// @bytes 2 * rows * inner / 32
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    tile_mxfp4_scales(unsigned char* __restrict__ tiled, const unsigned char* __restrict__ scales, int rows, int inner) {
    const int scalesOfRow = fp4::steps(inner) * fp4::kStepScales<fp4::Mxfp4>;
    const int present = inner / fp4::Mxfp4::kBlock;
    const long long i = static_cast<long long>(blockIdx.x) * kThreads + threadIdx.x;
    const long long row = i / scalesOfRow;
    const int block = static_cast<int>(i % scalesOfRow);
    if (row < (rows + fp4::kTileRows - 1) / fp4::kTileRows * fp4::kTileRows) {
        tiled[fp4::scale_place(row, block, scalesOfRow)] = row < rows && block < present ? scales[row * present + block] : 0;
    }
}
