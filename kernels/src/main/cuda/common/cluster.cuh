// Blocks of a cluster run at the same time and reach each other's shared memory. Here the others send numbers to the first one, which
// counts the bytes that arrive; no block waits for one that only sends.
#pragma once

#include "mma.cuh"

/// This block's number in its cluster.
__device__ __forceinline__ unsigned int cluster_rank() {
    unsigned int rank;
    asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    return rank;
}

/// Counts the bytes that a block of the cluster gets, in its shared memory.
using Inbox = unsigned long long;

/// Every thread comes here first. One thread of the block that gets numbers prepares its inbox for so many bytes.
__device__ __forceinline__ void cluster_begin(Inbox* inbox, bool gets, unsigned int bytes) {
    if (gets && threadIdx.x == 0) {
        asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;\nfence.mbarrier_init.release.cluster;" ::"r"(shared_address(inbox)) : "memory");
        asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(inbox)), "r"(bytes) : "memory");
    }
    __syncwarp();
    asm volatile("barrier.cluster.arrive.relaxed.aligned;" ::: "memory");
}

/// Waits until all blocks of the cluster have begun, which every thread does once.
__device__ __forceinline__ void cluster_begun() {
    asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

/// Sends a number to where another block of the cluster has `place`, to be counted by its inbox.
__device__ __forceinline__ void send(float* place, Inbox* inbox, unsigned int rank, float value) {
    unsigned int to;
    unsigned int counter;
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(to) : "r"(shared_address(place)), "r"(rank));
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(counter) : "r"(shared_address(inbox)), "r"(rank));
    asm volatile("st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.u32 [%0], %1, [%2];" ::"r"(to), "r"(__float_as_uint(value)),
                 "r"(counter)
                 : "memory");
}

/// Waits until the inbox has all its bytes.
__device__ __forceinline__ void receive(Inbox* inbox) {
    asm volatile(
        "{\n.reg .pred done;\nAGAIN:\nmbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 done, [%0], 0;\n@!done bra AGAIN;\n}" ::"r"(
            shared_address(inbox))
        : "memory");
}
