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

/// From logits whose weights were rounded to few bits, the best by the weights in bf16: every row of weights whose logit may be the
/// largest is multiplied again. `errors` are how much rounding took from each row, and behind the last the largest of them. Against a
/// state `x`, a row's error is taken to lie in no direction of its own: its logit is then off by about errors[row] * |x| / sqrt(inner),
/// and by more than six times that once in 10^9.
///
/// `values` and `indices` are (rows, parts), of the rounded logits' parts (`argmax_parts`); `exactValues` and `exactIndices` become those
/// of the weights in bf16, with nothing where a part has no logit that is near enough. `inner` is a multiple of 8. Grid: parts x rows,
/// 256 threads.
/// @techniques dynamic-precision, dependent-launch
/// @bytes rows * (width * 8 + parts * 16), and inner * 2 for each row of weights that is multiplied again
/// @flops rows * width * 2, and inner * 2 for each row of weights that is multiplied again
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(256)
    rescore_nearest(float* __restrict__ exactValues, int* __restrict__ exactIndices, const float* __restrict__ values,
                    const float* __restrict__ logits, const float* __restrict__ errors, const uint4* __restrict__ weights,
                    const uint4* __restrict__ x, int width, int inner) {
    constexpr int kRound = 1024; // logits that are looked at before those near enough are multiplied again
    constexpr float kDeviations = 6.0f;
    __shared__ float scratch[kWarpSize];
    __shared__ int near[kRound];
    __shared__ int count;
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int warps = blockDim.x / kWarpSize;
    const float largestError = errors[width];
    wait_for_previous();
    let_next_begin();
    const long long firstPart = static_cast<long long>(blockIdx.y) * gridDim.x;
    const float* parts = given(values) + firstPart;
    const float* row = given(logits) + static_cast<long long>(blockIdx.y) * width;
    const int units = inner / 8;
    const uint4* state = given(x) + static_cast<long long>(blockIdx.y) * units;
    float largest = -kInfinity;
    for (int i = threadIdx.x; i < gridDim.x; i += blockDim.x) {
        largest = fmaxf(largest, parts[i]);
    }
    largest = block_max(largest, scratch);
    float square = 0.0f;
    for (int i = threadIdx.x; i < units; i += blockDim.x) {
        square = dot8(state[i], state[i], square);
    }
    square = block_sum(square, scratch);
    const float reach = kDeviations * sqrtf(square / inner);
    const int stretch = (width + gridDim.x - 1) / gridDim.x;
    const int from = blockIdx.x * stretch;
    const int to = min(from + stretch, width);
    const Best nothing = {-kInfinity, width};
    Best best = nothing;
    for (int round = from; round < to; round += kRound) {
        __syncthreads(); // the list before is used up
        if (threadIdx.x == 0) {
            count = 0;
        }
        __syncthreads();
        for (int i = round + threadIdx.x; i < min(round + kRound, to); i += blockDim.x) {
            if (row[i] + reach * errors[i] >= largest - reach * largestError) {
                near[atomicAdd(&count, 1)] = i;
            }
        }
        __syncthreads();
        for (int n = warp; n < count; n += warps) {
            const uint4* weightRow = weights + static_cast<long long>(near[n]) * units;
            float sum = 0.0f;
#pragma unroll 6
            for (int i = lane; i < units; i += kWarpSize) {
                sum = dot8(weightRow[i], state[i], sum);
            }
            best = better(best, {warp_sum(sum), near[n]});
        }
    }
    best = block_best(best, nothing);
    if (threadIdx.x == 0) {
        exactValues[firstPart + blockIdx.x] = best.value;
        exactIndices[firstPart + blockIdx.x] = best.index;
    }
}
