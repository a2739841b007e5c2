// The tokens' rows where `sort_slots` puts their slots, as warpgroup products take them.

#ifndef TECHNIQUE_EXPERT_OVERLAP
#define TECHNIQUE_EXPERT_OVERLAP 1
#endif

#include "../common/kernel.cuh"
#include "sorted_rows.cuh"

/// Writes each token's row of bf16 numbers to the places of its slots, in slabs (sorted_rows.cuh) of so many `places`; what the last slab
/// has beyond the row is zero. `columns` is a multiple of 32. Grid: tokens; dynamic shared memory: a row, to the end of
/// its last slab. With `expert-overlap` it also begins the count of what is written of each of `tiles` tiles of tokens.
/// @techniques device-routing, wgmma, vectorised-loads, expert-overlap
/// @bytes tokens * columns * 2 + slots * columns * 2
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void KERNEL_NAME(sort_rows)(uint4* __restrict__ sorted, const uint4* __restrict__ rows, const int* __restrict__ placeOf,
                                                  int* __restrict__ finished, int chosen, int columns, int places, int tiles) {
    extern __shared__ uint4 row[];
    const int token = blockIdx.x;
    if constexpr (TECHNIQUE_EXPERT_OVERLAP) {
        for (int i = token * blockDim.x + threadIdx.x; i < tiles; i += gridDim.x * blockDim.x) {
            finished[i] = 0;
        }
    }
    const int units = slabs_of(columns) * kSlabUnits;
    for (int i = threadIdx.x; i < units; i += blockDim.x) {
        row[i] = i < columns / 8 ? rows[static_cast<long long>(token) * (columns / 8) + i] : make_uint4(0, 0, 0, 0);
    }
    __syncthreads();
    for (int i = threadIdx.x; i < units; i += blockDim.x) {
        // of the four pieces of eight columns of a block of 32, unit v takes word v each
        const unsigned int* words = reinterpret_cast<const unsigned int*>(row) + i / 4 * 16 + i % 4;
        const uint4 unit = make_uint4(words[0], words[4], words[8], words[12]);
        for (int k = 0; k < chosen; k++) {
            sorted[slab_unit(i / kSlabUnits, places, placeOf[token * chosen + k], i % kSlabUnits)] = unit;
        }
    }
}
