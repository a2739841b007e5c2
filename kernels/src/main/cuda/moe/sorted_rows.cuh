// How rows of activations lie that warpgroup products take: sorted by expert, each expert's from a multiple of eight places on, in slabs of
// 64 columns. A slab holds 128 bytes of every place, so that the rows of a tile are one piece of memory. In it, columns lie in the order
// in which a lane's packed weights meet them, and units of 16 bytes as `swizzled_rows` wants them.
#pragma once

constexpr int kSlabColumns = 64;
constexpr int kSlabUnits = kSlabColumns * 2 / 16;
constexpr int kPlacesTogether = 8;

__device__ __forceinline__ int slabs_of(int columns) {
    return (columns + kSlabColumns - 1) / kSlabColumns;
}

/// Where unit u of a place lies in a slab, in units of 16 bytes. Unit 4b + 2m + h holds columns 32b + 8t + 4m + 2h and the next, for t from 0
/// to 3: what a lane of quad t unpacks of those eight columns are the four pairs of k's of two products.
__device__ __forceinline__ long long slab_unit(int slab, int places, int place, int u) {
    return (static_cast<long long>(slab) * places + place) * kSlabUnits + (u ^ (place % kPlacesTogether));
}
