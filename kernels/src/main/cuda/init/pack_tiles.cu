// Weights brought into the order of common/weight_tiles.cuh, once, when a model is loaded.

#include "../common/numeric.cuh"
#include "../common/weight_tiles.cuh"

/// The row of a matrix that is row r of a tile. `paired`: gate and up of one number, two rows side by side in the checkpoint, become
/// rows g and g + 8 of a tile, so that one thread ends with both.
__device__ __forceinline__ long long tile_row(long long tile, int r, bool paired) {
    return paired ? 2 * (tile * 8 + r % 8) + r / 8 : tile * kTileRows + r;
}

/// MXFP4 codes and scales as a checkpoint holds them, (experts, rows, blocks, 16) and (experts, rows, blocks), into tiles; zeros where
/// a tile or a step reaches past the matrix. A thread a vector; grid: enough threads for experts * tiles * steps * 64.
/// @techniques mxfp4
/// @bytes 2 * experts * rows * inner / 2
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void pack_mxfp4_tiles(uint4* __restrict__ out, unsigned short* __restrict__ outScales,
                                            const uint4* __restrict__ codes, const unsigned char* __restrict__ scales, int experts,
                                            int rows, int blocks, int paired) {
    const int tiles = (rows + kTileRows - 1) / kTileRows;
    const int steps = (blocks + 3) / 4;
    const long long vector = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (vector >= static_cast<long long>(experts) * tiles * steps * kStepVectors) {
        return;
    }
    const int lane = vector % 32;
    const int half = vector / 32 % 2;
    const int step = vector / kStepVectors % steps;
    const long long tile = vector / kStepVectors / steps;
    const long long expert = tile / tiles;
    const long long row = tile_row(tile % tiles, half * 8 + lane / 4, paired != 0);
    const int block = step * 4 + lane % 4;
    uint4 v = make_uint4(0, 0, 0, 0);
    unsigned char scale = 0;
    if (row < rows && block < blocks) {
        const long long at = (expert * rows + row) * blocks + block;
        v = codes[at];
        v = make_uint4(weave_fp4(v.x), weave_fp4(v.y), weave_fp4(v.z), weave_fp4(v.w));
        scale = scales[at];
    }
    out[vector] = v;
    reinterpret_cast<unsigned char*>(outScales)[(tile * steps + step) * 64 + lane * 2 + half] = scale;
}

/// Rows of bf16 into tiles of E4M3, each row with one scale, its largest magnitude over 448. A warp a row; grid: one warp for each row
/// of whole tiles.
/// @techniques fp8
/// @bytes rows * inner * 3
/// @flops 2 * rows * inner
/// @floor bytes / bandwidth
extern "C" __global__ void pack_fp8_tiles(uint4* __restrict__ out, float* __restrict__ rowScales,
                                          const unsigned short* __restrict__ weights, int rows, int inner) {
    const int steps = step_count<Fp8Tiles>(inner);
    const int row = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
    const int lane = threadIdx.x % 32;
    if (row >= (rows + kTileRows - 1) / kTileRows * kTileRows) {
        return;
    }
    const unsigned short* numbers = weights + static_cast<long long>(row) * inner;
    float largest = 0.0f;
    if (row < rows) {
        for (int i = lane; i < inner; i += 32) {
            largest = fmaxf(largest, fabsf(__uint_as_float(static_cast<unsigned int>(numbers[i]) << 16)));
        }
    }
    largest = warp_max(largest);
    const float scale = largest > 0.0f ? largest / 448.0f : 1.0f;
    if (lane == 0 && row < rows) {
        rowScales[row] = scale;
    }
    unsigned char* bytes = reinterpret_cast<unsigned char*>(out);
    const long long tile = row / kTileRows;
    const int half = row % kTileRows / 8;
    for (int i = lane; i < steps * step_numbers<Fp8Tiles>(); i += 32) {
        const float number = row < rows && i < inner ? __uint_as_float(static_cast<unsigned int>(numbers[i]) << 16) / scale : 0.0f;
        unsigned short pair;
        asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(0.0f), "f"(number));
        const long long vector = (tile * steps + i / 64) * kStepVectors + half * 32 + row % 8 * 4 + i % 64 / 16;
        bytes[vector * 16 + i % 16] = static_cast<unsigned char>(pair);
    }
}
