// Bulk copies by the tensor memory accelerator: one thread asks for kilobytes, no register waits for them, and a barrier in shared
// memory tells when they are there.
#pragma once

#include "mma.cuh"

/// A barrier in shared memory that counts bytes.
using BulkBarrier = unsigned long long;

/// Prepares a barrier for one arrival; the thread that does so calls `bulk_barriers_ready` behind the last.
__device__ __forceinline__ void bulk_barrier_begin(BulkBarrier* barrier) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(shared_address(barrier)) : "memory");
}

__device__ __forceinline__ void bulk_barriers_ready() {
    asm volatile("fence.mbarrier_init.release.cluster;\nfence.proxy.async.shared::cta;" ::: "memory");
}

/// Announces so many bytes.
__device__ __forceinline__ void bulk_expect(BulkBarrier* barrier, unsigned int bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(barrier)), "r"(bytes) : "memory");
}

/// Says that what is copied shall be the first to leave L2: a step reads each weight once.
__device__ __forceinline__ unsigned long long read_once() {
    unsigned long long policy;
    asm("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(policy));
    return policy;
}

/// Asks for `bytes` of global memory, a multiple of 16 at addresses that are; the barrier counts them.
__device__ __forceinline__ void bulk_copy(void* to, const void* from, unsigned int bytes, BulkBarrier* barrier) {
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(shared_address(to)),
                 "l"(from), "r"(bytes), "r"(shared_address(barrier))
                 : "memory");
}

/// The same for weights.
__device__ __forceinline__ void bulk_copy_once(void* to, const void* from, unsigned int bytes, BulkBarrier* barrier) {
    asm volatile(
        "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.L2::cache_hint [%0], [%1], %2, [%3], %4;" ::"r"(
            shared_address(to)),
        "l"(from), "r"(bytes), "r"(shared_address(barrier)), "l"(read_once())
        : "memory");
}

/// Waits until the announced bytes are there, for the first time that the barrier is used.
__device__ __forceinline__ void bulk_wait(BulkBarrier* barrier) {
    asm volatile(
        "{\n.reg .pred done;\nAGAIN:\nmbarrier.try_wait.parity.shared::cta.b64 done, [%0], 0;\n@!done bra AGAIN;\n}" ::"r"(
            shared_address(barrier))
        : "memory");
}
