// Attention of one new token a sequence over its cache, in one launch.

#ifndef TECHNIQUE_COALESCED_ACCESS
#define TECHNIQUE_COALESCED_ACCESS 1
#endif
#ifndef TECHNIQUE_ILP
#define TECHNIQUE_ILP 1
#endif
#ifndef TECHNIQUE_VECTORISED_LOADS
#define TECHNIQUE_VECTORISED_LOADS 1
#endif

#include "../common/cached.cuh"
#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/pages.cuh"

constexpr int kThreads = 256;
constexpr int kHeadSize = 64;

#if TECHNIQUE_VECTORISED_LOADS
using Piece = uint4;
#else
using Piece = unsigned int;
#endif
constexpr int kWordsAPiece = sizeof(Piece) / sizeof(unsigned int);

/// Numbers of a piece of a cache of T.
template <typename T>
constexpr int kNumbers = sizeof(Piece) / sizeof(T);

/// The numbers of a piece, in fp32.
template <typename T>
__device__ __forceinline__ void unpack(const Piece& piece, float (&numbers)[kNumbers<T>]) {
    const unsigned int* words = reinterpret_cast<const unsigned int*>(&piece);
#pragma unroll
    for (int w = 0; w < kWordsAPiece; w++) {
        unpack_word<T>(numbers + w * (kNumbers<T> / kWordsAPiece), words[w]);
    }
}

/// What a block reads and writes: one query head of one sequence, with a cache of T.
template <typename T>
struct Head {
    const float* query;
    Tokens tokens;
    const T* keys;    // of the first position; positions are `stride` numbers apart
    const T* values;  // likewise
    const HeadScales* scales;  // likewise, `kvHeads` apart, where T has them
    Bf16* out;
    long long stride;
    int kvHeads;
    int first;  // the first visible key
    int last;   // the last
    float sink;
    float scale;
};

#if TECHNIQUE_COALESCED_ACCESS

/// As many lanes a key as it has pieces, so that a load of the warp takes whole keys; each such group of lanes has a running
/// maximum of its own, and the block meets once, at the end.
template <typename T>
__device__ __forceinline__ void attend(const Head<T>& head) {
    constexpr int kNumbersAPiece = kNumbers<T>;
    constexpr int kPiecesAHead = kHeadSize / kNumbersAPiece;
    constexpr int kWarps = kThreads / kWarpSize;
    constexpr int kGroups = kWarpSize / kPiecesAHead;
    constexpr int kBatch = TECHNIQUE_ILP ? 4 : 1;
    __shared__ float accumulators[kWarps][kHeadSize];
    __shared__ float maxima[kWarps];
    __shared__ float denominators[kWarps];
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int part = lane % kPiecesAHead;
    const int group = lane / kPiecesAHead;
    float query[kNumbersAPiece];
    float accumulated[kNumbersAPiece] = {};
#pragma unroll
    for (int i = 0; i < kNumbersAPiece; i++) {
        query[i] = head.query[part * kNumbersAPiece + i] * head.scale;
    }
    float largest = head.sink;  // finite from the start, so that a group without a key needs no care
    float denominator = 0.0f;   // the sink's own term joins at the end
    // keys of a round: batch by batch, within a batch warp by warp and group by group
    constexpr int kStride = kWarps * kGroups;
    for (int from = head.first + warp * kGroups + group; from - group <= head.last; from += kBatch * kStride) {
        Piece k[kBatch];
        Piece v[kBatch];
        [[maybe_unused]] HeadScales scales[kBatch];
#pragma unroll
        for (int b = 0; b < kBatch; b++) {
            const int key = min(from + b * kStride, head.last);  // what lies beyond is read and not used
            k[b] = reinterpret_cast<const Piece*>(head.tokens.in(head.keys, key) + head.tokens.row(key) * head.stride)[part];
            v[b] = reinterpret_cast<const Piece*>(head.tokens.in(head.values, key) + head.tokens.row(key) * head.stride)[part];
            if constexpr (kScaled<T>) {
                scales[b] = head.tokens.in(head.scales, key)[static_cast<long long>(head.tokens.row(key)) * head.kvHeads];
            }
        }
        float score[kBatch];
        float newLargest = largest;
#pragma unroll
        for (int b = 0; b < kBatch; b++) {
            float numbers[kNumbersAPiece];
            unpack<T>(k[b], numbers);
            float sum = 0.0f;
#pragma unroll
            for (int i = 0; i < kNumbersAPiece; i++) {
                sum = fmaf(numbers[i], query[i], sum);
            }
#pragma unroll
            for (int step = kPiecesAHead / 2; step > 0; step /= 2) {
                sum += __shfl_xor_sync(0xFFFFFFFFu, sum, step);
            }
            if constexpr (kScaled<T>) {
                sum *= scale<Part::kKeys>(scales[b]);
            }
            score[b] = from + b * kStride <= head.last ? sum : -kInfinity;
            newLargest = fmaxf(newLargest, score[b]);
        }
        const float correction = __expf(largest - newLargest);
        denominator *= correction;
#pragma unroll
        for (int i = 0; i < kNumbersAPiece; i++) {
            accumulated[i] *= correction;
        }
#pragma unroll
        for (int b = 0; b < kBatch; b++) {
            float numbers[kNumbersAPiece];
            unpack<T>(v[b], numbers);
            const float e = __expf(score[b] - newLargest);
            denominator += e;
            float weight = e;
            if constexpr (kScaled<T>) {
                weight *= scale<Part::kValues>(scales[b]);
            }
#pragma unroll
            for (int i = 0; i < kNumbersAPiece; i++) {
                accumulated[i] = fmaf(weight, numbers[i], accumulated[i]);
            }
        }
        largest = newLargest;
    }

    // the groups of a warp become one
    float warpLargest = largest;
#pragma unroll
    for (int step = kPiecesAHead; step < kWarpSize; step *= 2) {
        warpLargest = fmaxf(warpLargest, __shfl_xor_sync(0xFFFFFFFFu, warpLargest, step));
    }
    const float correction = __expf(largest - warpLargest);
    denominator *= correction;
#pragma unroll
    for (int step = kPiecesAHead; step < kWarpSize; step *= 2) {
        denominator += __shfl_xor_sync(0xFFFFFFFFu, denominator, step);
    }
#pragma unroll
    for (int i = 0; i < kNumbersAPiece; i++) {
        accumulated[i] *= correction;
#pragma unroll
        for (int step = kPiecesAHead; step < kWarpSize; step *= 2) {
            accumulated[i] += __shfl_xor_sync(0xFFFFFFFFu, accumulated[i], step);
        }
        if (group == 0) {
            accumulators[warp][part * kNumbersAPiece + i] = accumulated[i];
        }
    }
    if (lane == 0) {
        maxima[warp] = warpLargest;
        denominators[warp] = denominator;
    }
    __syncthreads();

    // the warps become one
    if (threadIdx.x < kHeadSize) {
        float blockLargest = head.sink;
#pragma unroll
        for (int w = 0; w < kWarps; w++) {
            blockLargest = fmaxf(blockLargest, maxima[w]);
        }
        float total = __expf(head.sink - blockLargest);
        float sum = 0.0f;
#pragma unroll
        for (int w = 0; w < kWarps; w++) {
            const float factor = __expf(maxima[w] - blockLargest);
            total = fmaf(denominators[w], factor, total);
            sum = fmaf(accumulators[w][threadIdx.x], factor, sum);
        }
        head.out[threadIdx.x] = to_bf16(sum / total);
    }
}

#else

/// A thread a key: each reads a key alone, so that a load of the warp touches 32 of them.
template <typename T>
__device__ __forceinline__ void attend(const Head<T>& head) {
    constexpr int kNumbersAPiece = kNumbers<T>;
    constexpr int kPiecesAHead = kHeadSize / kNumbersAPiece;
    constexpr int kKeysPerRound = kThreads;
    constexpr int kGroups = kThreads / kHeadSize;
    __shared__ float query[kHeadSize];
    __shared__ float weight[kKeysPerRound];
    __shared__ float partial[kGroups][kHeadSize];
    __shared__ float scratch[kWarpSize];
    if (threadIdx.x < kHeadSize) {
        query[threadIdx.x] = head.query[threadIdx.x] * head.scale;
    }
    const int dim = threadIdx.x % kHeadSize;
    const int group = threadIdx.x / kHeadSize;
    float largest = head.sink;
    float denominator = 1.0f;  // the sink's own term
    float accumulated = 0.0f;
    __syncthreads();
    for (int from = head.first; from <= head.last; from += kKeysPerRound) {
        const int key = from + threadIdx.x;
        float score = -kInfinity;
        float valueScale = 1.0f;
        if (key <= head.last) {
            const Piece* k = reinterpret_cast<const Piece*>(head.tokens.in(head.keys, key) + head.tokens.row(key) * head.stride);
            score = 0.0f;
#if TECHNIQUE_ILP
#pragma unroll
#else
#pragma unroll 1
#endif
            for (int p = 0; p < kPiecesAHead; p++) {
                float numbers[kNumbersAPiece];
                unpack<T>(k[p], numbers);
#pragma unroll
                for (int i = 0; i < kNumbersAPiece; i++) {
                    score = fmaf(numbers[i], query[p * kNumbersAPiece + i], score);
                }
            }
            if constexpr (kScaled<T>) {
                const HeadScales scales =
                    head.tokens.in(head.scales, key)[static_cast<long long>(head.tokens.row(key)) * head.kvHeads];
                score *= scale<Part::kKeys>(scales);
                valueScale = scale<Part::kValues>(scales);
            }
        }
        const float newLargest = fmaxf(largest, block_max(score, scratch));
        const float e = __expf(score - newLargest);
        const float correction = __expf(largest - newLargest);
        weight[threadIdx.x] = e * valueScale;
        denominator = denominator * correction + block_sum(e, scratch);  // its barriers publish the weights
        accumulated *= correction;
        largest = newLargest;
        const int keysHere = min(kKeysPerRound, head.last - from + 1);
#if TECHNIQUE_ILP
#pragma unroll 4
#else
#pragma unroll 1
#endif
        for (int i = group; i < keysHere; i += kGroups) {
            const T* values = head.tokens.in(head.values, from + i);
            accumulated = fmaf(weight[i], to_float(values[head.tokens.row(from + i) * head.stride + dim]), accumulated);
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
        head.out[dim] = to_bf16(sum / denominator);
    }
}

#endif

/// What a launch is for, with a cache of T.
template <typename T>
__device__ __forceinline__ void attend_block(Bf16* __restrict__ out, const float* __restrict__ qkv,
                                             const T* __restrict__ keys, const T* __restrict__ values,
                                             const HeadScales* __restrict__ scales, const Bf16* __restrict__ sinks,
                                             const int* __restrict__ positions, const int* __restrict__ sequences,
                                             Room room, int window, float scale, int rowWidth, int heads,
                                             int kvHeads) {
    wait_for_previous();
    let_next_begin();
    qkv = given(qkv);
    keys = given(keys);
    values = given(values);
    if constexpr (kScaled<T>) {
        scales = given(scales);
    }
    positions = given(positions);
    sequences = given(sequences);
    const int head = blockIdx.x;
    const int token = blockIdx.y;
    const int kvHead = head / (heads / kvHeads);
    const int last = positions[token];
    const int sequence = sequences[token];
    const long long base = Tokens::first(room, sequence) * kvHeads + kvHead;
    attend<T>({.query = qkv + static_cast<long long>(token) * rowWidth + head * kHeadSize,
               .tokens = Tokens(room, sequence),
               .keys = keys + base * kHeadSize,
               .values = values + base * kHeadSize,
               .scales = kScaled<T> ? scales + base : nullptr,
               .out = out + (static_cast<long long>(token) * heads + head) * kHeadSize,
               .stride = static_cast<long long>(kvHeads) * kHeadSize,
               .kvHeads = kvHeads,
               .first = window == 0 ? 0 : max(0, last - window + 1),
               .last = last,
               .sink = to_float(sinks[head]),
               .scale = scale});
}

/// One block a query head and sequence; the cache is read once, with a running maximum, so that no score leaves the block.
/// Queries come in fp32, rotated. Heads of 64. Grid: query heads x sequences, 256 threads.
/// @techniques fused-attention, coalesced-access, ilp, vectorised-loads, paged-attention, dependent-launch
/// @bytes sequences * (kvWidth * 2 * 2 * visible keys + queryWidth * (4 + 2)), keys and values from L2 for all but the
///   first head of a group
/// @flops 4 * sequences * heads * visible keys * headSize
/// @floor bytes / bandwidth; one block a head leaves long contexts to few multiprocessors
extern "C" __global__ void __launch_bounds__(kThreads)
    KERNEL_NAME(attention_decode)(Bf16* __restrict__ out, const float* __restrict__ qkv, const Bf16* __restrict__ keys,
                                  const Bf16* __restrict__ values, const Bf16* __restrict__ sinks,
                                  const int* __restrict__ positions, const int* __restrict__ sequences, Room room,
                                  int window, float scale, int rowWidth, int heads, int kvHeads) {
    attend_block(out, qkv, keys, values, nullptr, sinks, positions, sequences, room, window, scale, rowWidth, heads,
                 kvHeads);
}

/// The same over a cache in FP8: a key's scale multiplies its score, a value's its weight.
/// @techniques fused-attention, fp8-kv, coalesced-access, ilp, vectorised-loads, paged-attention, dependent-launch
/// @bytes sequences * ((kvWidth * 2 + kvHeads * 2) * visible keys + queryWidth * (4 + 2)), keys and values from L2 for all
///   but the first head of a group
/// @flops 4 * sequences * heads * visible keys * headSize
/// @floor bytes / bandwidth; one block a head leaves long contexts to few multiprocessors
extern "C" __global__ void __launch_bounds__(kThreads)
    KERNEL_NAME(attention_decode_fp8)(Bf16* __restrict__ out, const float* __restrict__ qkv,
                                      const E3m4* __restrict__ keys, const E3m4* __restrict__ values,
                                      const HeadScales* __restrict__ scales, const Bf16* __restrict__ sinks,
                                      const int* __restrict__ positions, const int* __restrict__ sequences,
                                      Room room, int window, float scale, int rowWidth, int heads, int kvHeads) {
    attend_block(out, qkv, keys, values, scales, sinks, positions, sequences, room, window, scale, rowWidth, heads,
                 kvHeads);
}
