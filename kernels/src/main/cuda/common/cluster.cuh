// Blocks of a cluster run at the same time and reach each other's shared memory.
#pragma once

#include "mma.cuh"

/// This block's number in its cluster.
__device__ __forceinline__ unsigned int cluster_rank() {
    unsigned int rank;
    asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    return rank;
}

/// Tells the other blocks that this thread is here, and that they can see what it wrote. Each arrival is followed by one wait.
__device__ __forceinline__ void cluster_arrive() {
    asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
}

/// Waits for all threads of all blocks.
__device__ __forceinline__ void cluster_wait() {
    asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

/// Writes a number where another block of the cluster has `p`.
__device__ __forceinline__ void store_in_block(float* p, unsigned int rank, float value) {
    unsigned int address;
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(shared_address(p)), "r"(rank));
    asm volatile("st.shared::cluster.f32 [%0], %1;" ::"r"(address), "f"(value) : "memory");
}
