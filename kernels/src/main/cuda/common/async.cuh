// Weights that come by asynchronous copies: each lane asks for what it will use, all of it at once, and no register waits for it. Under
// dependent launch that is before the kernel waits for its activations.
#pragma once

#include "mma.cuh"

/// Says that what is copied shall be the first to leave L2: a step reads each weight once.
__device__ __forceinline__ unsigned long long read_once() {
    unsigned long long policy;
    asm("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(policy));
    return policy;
}

/// Copies `count` vectors of weights into shared memory by the lanes of a warp: lane l takes vectors l, l + 32 …
__device__ __forceinline__ void copy_weights_async(uint4* to, const uint4* from, int count, unsigned long long policy) {
    const int lane = threadIdx.x % 32;
    const uint32 address = shared_address(to);
#pragma unroll 4
    for (int i = lane; i < count; i += 32) {
        asm volatile("cp.async.cg.shared.global.L2::cache_hint [%0], [%1], 16, %2;" ::"r"(address + i * 16), "l"(from + i), "l"(policy)
                     : "memory");
    }
}

/// Waits for all copies that the warp's lanes have asked for.
__device__ __forceinline__ void await_copies() {
    asm volatile("cp.async.wait_all;" ::: "memory");
    __syncwarp();
}
