// How a product begins with a tile of tokens when the one before has written all of it, though that one still runs.
#pragma once

/// Tells of an item of a tile that is written, by whoever has learned of it by a barrier of the block. What was written can be seen by those who
/// see the count.
__device__ __forceinline__ void tell_of_item(int* finished) {
    asm volatile("red.release.gpu.global.add.s32 [%0], 1;" ::"l"(finished) : "memory");
}

/// Waits until all items of a tile are written, so that copies of this thread can read them, those of the copy engine, too.
__device__ __forceinline__ void await_tile(const int* finished, int items) {
    int seen;
    asm volatile("ld.acquire.gpu.global.s32 %0, [%1];" : "=r"(seen) : "l"(finished) : "memory");
    while (seen < items) {
        __nanosleep(100);
        asm volatile("ld.acquire.gpu.global.s32 %0, [%1];" : "=r"(seen) : "l"(finished) : "memory");
    }
    __syncwarp();
    // others wrote as threads do, and the copy engine reads by another path; for all kinds of memory the fence would wait for what this
    // thread wrote, too
    asm volatile("fence.proxy.async.global;" ::: "memory");
}
