// Programmatic dependent launch: a kernel begins while the one before it still runs, and asks for what does not depend on that
// one before it waits. A kernel that is launched as usual finds nothing to wait for.
#pragma once

/// Waits until the kernels before this one are done and what they wrote can be seen. Every thread of a kernel that lists the
/// technique comes here, so that a kernel's end means that all before it have ended as well.
__device__ __forceinline__ void wait_for_previous() {
    asm volatile("griddepcontrol.wait;" ::: "memory");
}

/// Lets the kernel behind this one begin, as soon as every block of this one has come here or ended.
__device__ __forceinline__ void let_next_begin() {
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
}

/// The same address, of which the compiler no longer knows that it was there from the beginning: reads through it stay behind the
/// wait that they follow, though `const __restrict__` would let them move.
template <typename T>
__device__ __forceinline__ T* given(T* p) {
    asm volatile("" : "+l"(p)::"memory");
    return p;
}
