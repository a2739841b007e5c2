// The tokens' rows where `sort_slots` puts their slots, as warpgroup products take them.

#include "sorted_rows.cuh"

/// Writes each token's row of bf16 numbers to the places of its slots, in slabs (sorted_rows.cuh) of so many `places`; what the last slab
/// has beyond the row is zero. `columns` is a multiple of 32. Grid: tokens; dynamic shared memory: a row, to the end of
/// its last slab.
/// @techniques device-routing, wgmma, vectorised-loads
/// @bytes tokens * columns * 2 + slots * columns * 2
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void sort_rows(uint4* __restrict__ sorted, const uint4* __restrict__ rows, const int* __restrict__ placeOf, int chosen,
                                     int columns, int places) {
    extern __shared__ uint4 row[];
    const int token = blockIdx.x;
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
