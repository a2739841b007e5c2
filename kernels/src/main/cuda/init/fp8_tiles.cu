// Weights in FP8, brought into the order of common/weight_tiles.cuh once, when a model is loaded.

#include "../common/numeric.cuh"
#include "../common/weight_tiles.cuh"

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
    for (int i = lane; i < steps * step_columns<Fp8Tiles>(); i += 32) {
        const float number = row < rows && i < inner ? __uint_as_float(static_cast<unsigned int>(numbers[i]) << 16) / scale : 0.0f;
        unsigned short pair;
        asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(0.0f), "f"(number));
        // of a step of 64 columns, lane 4g + t holds columns 8t to 8t + 7 of either block of 32
        const long long vector = (tile * steps + i / 64) * 64 + half * 32 + row % 8 * 4 + i % 32 / 8;
        bytes[vector * 16 + i % 64 / 32 * 8 + i % 8] = static_cast<unsigned char>(pair);
    }
}
