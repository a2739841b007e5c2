// Row-wise operations by a block a row, whose threads hold the row's numbers from one operation to the next. An operation is a struct in a
// header: its fields are the parameters of its kernel in their order, `@row` names that kernel, and called with a row it does
// its work. The first of a group reads what it needs and leaves the row, those behind take it.
#pragma once

#include "numeric.cuh"

/// A row of `width` fp32 numbers, a multiple of four, of which a thread has kQuads quads at the most: every `threads`-th.
template <int kQuads>
struct Row {
    long long index;
    int width;
    int threads;
    float* scratch; // of the block, as `block_sum` wants it
    float4 held[kQuads];

    /// Visits the thread's quads, by their first number's place in the row.
    template <typename Visit>
    __device__ __forceinline__ void each(Visit visit) {
#pragma unroll
        for (int q = 0; q < kQuads; q++) {
            const int i = (q * threads + static_cast<int>(threadIdx.x)) * 4;
            if (i < width) {
                visit(i, held[q]);
            }
        }
    }
};

/// Four bf16 numbers that lie side by side.
__device__ __forceinline__ float4 unpack_quad(uint2 bits) {
    const float2 low = unpack_pair(bits.x);
    const float2 high = unpack_pair(bits.y);
    return make_float4(low.x, low.y, high.x, high.y);
}

/// Does a group's operations with the block's row, by blocks of so many threads. `scratch` is shared memory as `block_sum` wants it.
template <int kWidth, int kThreads, typename... Operations>
__device__ __forceinline__ void row_group(float* scratch, const Operations&... operations) {
    static_assert(kWidth % 4 == 0, "a row is quads");
    Row<(kWidth / 4 + kThreads - 1) / kThreads> row{static_cast<long long>(blockIdx.x), kWidth, kThreads, scratch, {}};
    (operations(row), ...);
}
