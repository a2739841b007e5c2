// Barriers in shared memory that count arrivals and bytes, and the copies of the tensor memory accelerator that arrive at them: PTX ISA,
// "mbarrier" and "cp.async.bulk".
#pragma once

#include "mma.cuh"

/// A barrier for `arrivals` in each of its phases. Others may use it after `barriers_visible` and a barrier of the block.
__device__ __forceinline__ void barrier_init(uint32 barrier, int arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}

/// Initialised barriers are seen by copies, too.
__device__ __forceinline__ void barriers_visible() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

__device__ __forceinline__ void barrier_arrive(uint32 barrier) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

/// Arrives, and tells that copies of so many bytes arrive, too.
__device__ __forceinline__ void barrier_expect(uint32 barrier, uint32 bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}

/// Arrives once the asynchronous copies of this thread so far have.
__device__ __forceinline__ void barrier_arrive_with_copies(uint32 barrier) {
    asm volatile("cp.async.mbarrier.arrive.noinc.shared::cta.b64 [%0];" ::"r"(barrier) : "memory");
}

/// Waits for the end of the phase of this parity, the first being 0. The one before the first counts as ended.
__device__ __forceinline__ void barrier_wait(uint32 barrier, uint32 parity) {
    asm volatile(
        "{.reg .pred done;\n"
        "again: mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
        "@!done bra again;}" ::"r"(barrier),
        "r"(parity)
        : "memory");
}

/// Copies into shared memory by the copy engine; both addresses and the size are multiples of 16 bytes.
__device__ __forceinline__ void copy_bulk(uint32 to, const void* from, uint32 bytes, uint32 barrier) {
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(to), "l"(from), "r"(bytes),
                 "r"(barrier)
                 : "memory");
}

/// What threads wrote into shared memory is seen by those who read it by way of the copy engine's path, as warpgroup products do.
__device__ __forceinline__ void shared_visible_to_products() {
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}
