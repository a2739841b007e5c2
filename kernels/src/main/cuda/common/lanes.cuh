// What the lanes of a warp make of their values together: by shuffles or, without WARP_SHUFFLE, by a tree in shared memory that takes
// four values to one at a time. For sources none of whose kernels runs below the layer of warp shuffles; the others have `numeric.cuh`.
#pragma once

#ifndef TECHNIQUE_WARP_SHUFFLE
#define TECHNIQUE_WARP_SHUFFLE 1
#endif

#include "numeric.cuh"

struct Sum {
    __device__ __forceinline__ float operator()(float a, float b) const {
        return a + b;
    }
};

struct Larger {
    __device__ __forceinline__ float operator()(float a, float b) const {
        return fmaxf(a, b);
    }
};

/// What a warp has in shared memory to reduce `kCount` values of each lane. With shuffles nothing refers to it, so that it takes no room.
template <typename T, int kCount>
struct __align__(16) WarpRoom {
    T all[kCount * kWarpSize];
    T quarter[kCount * kWarpSize / 4];
    T pairs[kCount * kWarpSize / 16];
};

/// The same for the values of each quad of lanes.
template <int kCount>
struct __align__(16) QuadRoom {
    float all[kCount * kWarpSize];
};

#if TECHNIQUE_WARP_SHUFFLE

__device__ __forceinline__ float of_lane_across(float v, int step) {
    return __shfl_xor_sync(0xFFFFFFFFu, v, step);
}

/// Gives every lane, for each of its values, what those of all lanes come to.
template <typename T, int kCount, typename Combine>
__device__ __forceinline__ void reduce_warp(T (&values)[kCount], Combine combine, WarpRoom<T, kCount>&) {
#pragma unroll
    for (int c = 0; c < kCount; c++) {
#pragma unroll
        for (int step = kWarpSize / 2; step > 0; step /= 2) {
            values[c] = combine(values[c], of_lane_across(values[c], step));
        }
    }
}

/// Gives each lane, for each of its values, what those of the four lanes of its quad come to.
template <int kCount, typename Combine>
__device__ __forceinline__ void reduce_quad(float (&values)[kCount], Combine combine, QuadRoom<kCount>&) {
#pragma unroll
    for (int c = 0; c < kCount; c++) {
        values[c] = combine(values[c], of_lane_across(values[c], 1));
        values[c] = combine(values[c], of_lane_across(values[c], 2));
    }
}

#else

/// Each of `kCount` values becomes what four neighbours come to.
template <int kCount, typename T, typename Combine>
__device__ __forceinline__ void fold(T* to, const T* from, Combine combine) {
#pragma unroll
    for (int begin = 0; begin < kCount; begin += kWarpSize) {
        const int i = begin + static_cast<int>(threadIdx.x) % kWarpSize;
        if (i < kCount) {
            const T* four = from + 4 * i;
            to[i] = combine(combine(four[0], four[1]), combine(four[2], four[3]));
        }
    }
}

/// Gives every lane, for each of its values, what those of all lanes come to. What is written here was read before the last time that
/// the warp met, by this reduction or by the one before it in the same room.
template <typename T, int kCount, typename Combine>
__device__ __forceinline__ void reduce_warp(T (&values)[kCount], Combine combine, WarpRoom<T, kCount>& room) {
    const int lane = threadIdx.x % kWarpSize;
#pragma unroll
    for (int c = 0; c < kCount; c++) {
        room.all[c * kWarpSize + lane] = values[c];
    }
    __syncwarp();
    fold<kCount * kWarpSize / 4>(room.quarter, room.all, combine);
    __syncwarp();
    fold<kCount * kWarpSize / 16>(room.pairs, room.quarter, combine);
    __syncwarp();
#pragma unroll
    for (int c = 0; c < kCount; c++) {
        values[c] = combine(room.pairs[2 * c], room.pairs[2 * c + 1]);
    }
}

/// Gives each lane, for each of its values, what those of the four lanes of its quad come to.
template <int kCount, typename Combine>
__device__ __forceinline__ void reduce_quad(float (&values)[kCount], Combine combine, QuadRoom<kCount>& room) {
    const int lane = threadIdx.x % kWarpSize;
    __syncwarp(); // all have read what they came to the time before
#pragma unroll
    for (int c = 0; c < kCount; c++) {
        room.all[c * kWarpSize + lane] = values[c];
    }
    __syncwarp();
#pragma unroll
    for (int c = 0; c < kCount; c++) {
        const float4 quad = reinterpret_cast<const float4*>(room.all)[(c * kWarpSize + lane) / 4];
        values[c] = combine(combine(quad.x, quad.y), combine(quad.z, quad.w));
    }
}

#endif

/// What the values of all lanes come to, given to every lane.
template <typename T, typename Combine>
__device__ __forceinline__ T over_warp(T value, Combine combine, WarpRoom<T, 1>& room) {
    T values[1] = {value};
    reduce_warp(values, combine, room);
    return values[0];
}
