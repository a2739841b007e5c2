// Greedy choice of the next token.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"

/// A value and where it stands.
struct Best {
    float value;
    int index;
};

/// The larger value, the lower index among equals: whatever the order of the comparisons, the outcome is the same.
__device__ __forceinline__ Best better(Best a, Best b) {
    return b.value > a.value || (b.value == a.value && b.index < a.index) ? b : a;
}

__device__ __forceinline__ Best warp_best(Best best) {
#pragma unroll
    for (int step = kWarpSize / 2; step > 0; step /= 2) {
        best = better(best, {__shfl_xor_sync(0xFFFFFFFFu, best.value, step),
                             __shfl_xor_sync(0xFFFFFFFFu, best.index, step)});
    }
    return best;
}

/// The best of a block of whole warps, in its first thread.
__device__ __forceinline__ Best block_best(Best best, Best nothing) {
    __shared__ Best ofWarp[kWarpSize];
    const int lane = threadIdx.x % kWarpSize;
    best = warp_best(best);
    if (lane == 0) {
        ofWarp[threadIdx.x / kWarpSize] = best;
    }
    __syncthreads();
    return warp_best(lane < blockDim.x / kWarpSize ? ofWarp[lane] : nothing);
}

/// The index of each row's largest logit, the lowest among equals. Grid: rows, 1024 threads.
/// @techniques dependent-launch
/// @bytes rows * width * 4
/// @flops rows * width
/// @floor bytes / bandwidth of one multiprocessor a row
extern "C" __global__ void __launch_bounds__(1024)
    argmax(int* __restrict__ out, const float* __restrict__ logits, int width) {
    wait_for_previous();
    let_next_begin();
    const float* row = given(logits) + static_cast<long long>(blockIdx.x) * width;
    const Best nothing = {-kInfinity, width};
    Best best = nothing;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        best = better(best, {row[i], i});
    }
    best = block_best(best, nothing);
    if (threadIdx.x == 0) {
        out[blockIdx.x] = best.index;
    }
}

/// The best of each part of each row: part p of gridDim.x takes the p-th stretch of ceil(width / gridDim.x) logits.
/// `values` and `indices` are (rows, parts). Grid: parts x rows, 256 threads.
/// @techniques architecture-sizing, dependent-launch
/// @bytes rows * (width * 4 + parts * 8)
/// @flops rows * width
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(256)
    argmax_parts(float* __restrict__ values, int* __restrict__ indices, const float* __restrict__ logits, int width) {
    wait_for_previous();
    let_next_begin();
    const float* row = given(logits) + static_cast<long long>(blockIdx.y) * width;
    const int stretch = (width + gridDim.x - 1) / gridDim.x;
    const int from = blockIdx.x * stretch;
    const int to = min(from + stretch, width);
    const Best nothing = {-kInfinity, width};
    Best best = nothing;
#pragma unroll 4
    for (int i = from + threadIdx.x; i < to; i += blockDim.x) {
        best = better(best, {row[i], i});
    }
    best = block_best(best, nothing);
    if (threadIdx.x == 0) {
        const long long part = static_cast<long long>(blockIdx.y) * gridDim.x + blockIdx.x;
        values[part] = best.value;
        indices[part] = best.index;
    }
}

/// The best of each row's parts. Grid: rows, 256 threads.
/// @techniques architecture-sizing, dependent-launch
/// @bytes rows * parts * 8
/// @flops rows * parts
/// @floor latency of one pass over the parts
extern "C" __global__ void __launch_bounds__(256)
    argmax_of_parts(int* __restrict__ out, const float* __restrict__ values, const int* __restrict__ indices,
                    int parts, int width) {
    wait_for_previous();
    let_next_begin();
    values = given(values);
    indices = given(indices);
    const long long row = static_cast<long long>(blockIdx.x) * parts;
    const Best nothing = {-kInfinity, width};
    Best best = nothing;
    for (int i = threadIdx.x; i < parts; i += blockDim.x) {
        best = better(best, {values[row + i], indices[row + i]});
    }
    best = block_best(best, nothing);
    if (threadIdx.x == 0) {
        out[blockIdx.x] = best.index;
    }
}
