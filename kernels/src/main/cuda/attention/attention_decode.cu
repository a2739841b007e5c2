// Attention of one new token a sequence over its cache, in one launch.

#include "../common/numeric.cuh"

constexpr int kThreads = 256;
constexpr int kHeadSize = 64;
constexpr int kKeysPerRound = kThreads;
constexpr int kGroups = kThreads / kHeadSize;

/// One block a query head and sequence; the cache is read once, 16 bytes a load, with a running maximum, so that no
/// score leaves the block. Heads of 64. Grid: query heads x sequences.
/// @techniques fusion, shared-memory, vectorised-loads, read-only-cache, launch-bounds
/// @bytes sequences * (kvWidth * 2 * 2 * visible keys), from L2 for all but the first head of a group
/// @flops 4 * sequences * heads * visible keys * headSize
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads)
    attention_decode(Bf16* __restrict__ out, const Bf16* __restrict__ qkv,
                     const Bf16* __restrict__ keys, const Bf16* __restrict__ values,
                     const Bf16* __restrict__ sinks, const int* __restrict__ positions,
                     const int* __restrict__ sequences, int capacity, int window, float scale, int rowWidth,
                     int heads, int kvHeads) {
    __shared__ Bf16x8 query[kHeadSize / 8];
    __shared__ float probability[kKeysPerRound];
    __shared__ float partial[kGroups][kHeadSize];
    __shared__ float scratch[kWarpSize];
    const int head = blockIdx.x;
    const int token = blockIdx.y;
    const int kvHead = head / (heads / kvHeads);
    const int last = positions[token];
    const int first = window == 0 ? 0 : max(0, last - window + 1);
    const long long base = static_cast<long long>(sequences[token]) * capacity;
    if (threadIdx.x < kHeadSize / 8) {
        query[threadIdx.x] = reinterpret_cast<const Bf16x8*>(qkv + static_cast<long long>(token) * rowWidth +
                                                              head * kHeadSize)[threadIdx.x];
    }
    const int dim = threadIdx.x % kHeadSize;
    const int group = threadIdx.x / kHeadSize;
    float largest = to_float(sinks[head]);
    float denominator = 1.0f;  // the sink's own term
    float accumulated = 0.0f;
    __syncthreads();
    for (int from = first; from <= last; from += kKeysPerRound) {
        const int key = from + threadIdx.x;
        float score = -kInfinity;
        if (key <= last) {
            const Bf16x8* k = reinterpret_cast<const Bf16x8*>(keys + ((base + key) * kvHeads + kvHead) * kHeadSize);
            score = 0.0f;
#pragma unroll
            for (int i = 0; i < kHeadSize / 8; i++) {
                score = dot8(k[i], query[i], score);
            }
            score *= scale;
        }
        const float newLargest = fmaxf(largest, block_max(score, scratch));
        const float e = __expf(score - newLargest);
        const float correction = __expf(largest - newLargest);
        probability[threadIdx.x] = e;
        denominator = denominator * correction + block_sum(e, scratch);
        accumulated *= correction;
        largest = newLargest;
        const int keysHere = min(kKeysPerRound, last - from + 1);
        for (int i = group; i < keysHere; i += kGroups) {
            accumulated = fmaf(probability[i],
                               to_float(values[((base + from + i) * kvHeads + kvHead) * kHeadSize + dim]),
                               accumulated);
        }
        __syncthreads();
    }
    partial[group][dim] = accumulated;
    __syncthreads();
    if (group == 0) {
        float sum = 0.0f;
#pragma unroll
        for (int g = 0; g < kGroups; g++) {
            sum += partial[g][dim];
        }
        out[(static_cast<long long>(token) * heads + head) * kHeadSize + dim] = to_bf16(sum / denominator);
    }
}
