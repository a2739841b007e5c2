// Conversions and reductions that the kernels share.
#pragma once

#include "bf16.cuh"

constexpr int kWarpSize = 32;
constexpr float kInfinity = __builtin_bit_cast(float, 0x7F800000u);

__device__ __forceinline__ float warp_sum(float v) {
#pragma unroll
    for (int step = kWarpSize / 2; step > 0; step /= 2) {
        v += __shfl_xor_sync(0xFFFFFFFFu, v, step);
    }
    return v;
}

__device__ __forceinline__ float warp_max(float v) {
#pragma unroll
    for (int step = kWarpSize / 2; step > 0; step /= 2) {
        v = fmaxf(v, __shfl_xor_sync(0xFFFFFFFFu, v, step));
    }
    return v;
}

/// The sum over a block of at most 1024 threads, given to every thread. `scratch` holds 32 floats; the block must not be
/// using it.
__device__ __forceinline__ float block_sum(float v, float* scratch) {
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int warps = (blockDim.x + kWarpSize - 1) / kWarpSize;
    v = warp_sum(v);
    __syncthreads();
    if (lane == 0) {
        scratch[warp] = v;
    }
    __syncthreads();
    return warp_sum(lane < warps ? scratch[lane] : 0.0f);
}

/// The maximum over a block, like `block_sum`.
__device__ __forceinline__ float block_max(float v, float* scratch) {
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int warps = (blockDim.x + kWarpSize - 1) / kWarpSize;
    v = warp_max(v);
    __syncthreads();
    if (lane == 0) {
        scratch[warp] = v;
    }
    __syncthreads();
    return warp_max(lane < warps ? scratch[lane] : -kInfinity);
}

__device__ __forceinline__ float dot2(unsigned int a, unsigned int b, float acc) {
    const float2 x = unpack_pair(a);
    const float2 y = unpack_pair(b);
    return fmaf(x.y, y.y, fmaf(x.x, y.x, acc));
}

/// acc + a · b over eight numbers, in fp32.
__device__ __forceinline__ float dot8(const Bf16x8& a, const Bf16x8& b, float acc) {
    return dot2(a.w, b.w, dot2(a.z, b.z, dot2(a.y, b.y, dot2(a.x, b.x, acc))));
}

/// The gated activation of gpt-oss: gate clamped from above, up on both sides, sigmoid with slope 1.702.
__device__ __forceinline__ float swiglu(float gate, float up, float limit) {
    const float g = fminf(gate, limit);
    const float u = fminf(fmaxf(up, -limit), limit);
    return g / (1.0f + __expf(-1.702f * g)) * (u + 1.0f);
}
