// Rotary position embedding (the two halves of a head are rotated against each other) and the key-value cache.

#include "../common/cached.cuh"
#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/pages.cuh"

/// Rotates heads in place. A row of `qkv` holds q, k and v heads one after the other, in fp32: what is rounded before the
/// rotation would be rounded twice. Heads [firstHead, firstHead + gridDim.y) are rotated. `inverseFrequency` holds
/// headSize / 2 angles a position (YaRN's ramp already applied); cos and sin are scaled by `concentration`.
/// Grid: tokens x heads, headSize / 2 threads.
/// @techniques none
/// @bytes tokens * heads * headSize * (4 + 4)
/// @flops 6 * tokens * heads * headSize / 2, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void KERNEL_NAME(rope)(float* __restrict__ qkv, const int* __restrict__ positions,
                                const float* __restrict__ inverseFrequency, float concentration, int firstHead,
                                int rowWidth, int headSize) {
    const int half = headSize / 2;
    float* head = qkv + static_cast<long long>(blockIdx.x) * rowWidth + (firstHead + blockIdx.y) * headSize;
    for (int i = threadIdx.x; i < half; i += blockDim.x) {
        float sine;
        float cosine;
        sincosf(positions[blockIdx.x] * inverseFrequency[i], &sine, &cosine);
        const float a = head[i];
        const float b = head[i + half];
        head[i] = (a * cosine - b * sine) * concentration;
        head[i + half] = (b * cosine + a * sine) * concentration;
    }
}

/// Rounds the key and value heads of each token to bf16, to their place in the cache:
/// cache[sequence][position][kvHead][headSize], keys and values apart. Grid: tokens.
/// @techniques none
/// @bytes tokens * 2 * kvWidth * (4 + 2)
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void KERNEL_NAME(kv_append)(Bf16* __restrict__ keys, Bf16* __restrict__ values,
                                     const float* __restrict__ qkv, const int* __restrict__ positions,
                                     const int* __restrict__ sequences, int capacity, int rowWidth, int queryWidth,
                                     int kvWidth) {
    const long long token = blockIdx.x;
    const long long slot = (static_cast<long long>(sequences[token]) * capacity + positions[token]) * kvWidth;
    const float* row = qkv + token * rowWidth + queryWidth;
    for (int i = threadIdx.x; i < kvWidth; i += blockDim.x) {
        keys[slot + i] = to_bf16(row[i]);
        values[slot + i] = to_bf16(row[kvWidth + i]);
    }
}

/// Bias, rotation and cache, whose numbers are of type T.
template <typename T>
__device__ __forceinline__ void append_rotated(float* __restrict__ qkv, const Bf16* __restrict__ bias, T* __restrict__ keys,
                                               T* __restrict__ values, HeadScales* __restrict__ scales,
                                               const int* __restrict__ positions,
                                               const int* __restrict__ sequences,
                                               const float* __restrict__ inverseFrequency, float concentration,
                                               Room room, int queryHeads, int kvHeads, int headSize) {
    const int half = headSize / 2;
    const int i = threadIdx.x;
    const long long token = blockIdx.x;
    wait_for_previous();
    let_next_begin();
    positions = given(positions);
    sequences = given(sequences);
    const int position = positions[token];
    float* row = qkv + token * (queryHeads + 2 * kvHeads) * headSize;
    const auto biased = [&](int at) { return row[at] + (bias == nullptr ? 0.0f : to_float(bias[at])); };
    float sine;
    float cosine;
    sincosf(position * inverseFrequency[i], &sine, &cosine);
    for (int head = blockIdx.y * blockDim.y + threadIdx.y; head < queryHeads + kvHeads; head += gridDim.y * blockDim.y) {
        const int at = head * headSize + i;
        const float a = biased(at);
        const float b = biased(at + half);
        const float low = (a * cosine - b * sine) * concentration;
        const float high = (b * cosine + a * sine) * concentration;
        if (head < queryHeads) {
            row[at] = low;
            row[at + half] = high;
            continue;
        }
        const int kvHead = head - queryHeads;
        const int value = at + kvHeads * headSize;
        const float valueLow = biased(value);
        const float valueHigh = biased(value + half);
        const int sequence = sequences[token];
        const Tokens tokens(room, sequence);
        const long long slot = (Tokens::first(room, sequence) + tokens.row(position)) * kvHeads + kvHead;
        T* key = tokens.in(keys, position) + slot * headSize + i;
        T* kept = tokens.in(values, position) + slot * headSize + i;
        if constexpr (kScaled<T>) {
            const uint32 ofKeys = scale_exponent(low, high);
            const uint32 ofValues = scale_exponent(valueLow, valueHigh);
            key[0] = scaled_down(low, ofKeys);
            key[half] = scaled_down(high, ofKeys);
            kept[0] = scaled_down(valueLow, ofValues);
            kept[half] = scaled_down(valueHigh, ofValues);
            if (i == 0) {
                tokens.in(scales, position)[slot] = {static_cast<unsigned short>(ofKeys | ofValues << 8)};
            }
        } else {
            key[0] = to_bf16(low);
            key[half] = to_bf16(high);
            kept[0] = to_bf16(valueLow);
            kept[half] = to_bf16(valueHigh);
        }
    }
}

/// Adds the bias, rotates q in place, and rotates k straight into the cache with v beside it: one launch for the bias, rope
/// of q, rope of k and the append. `bias` may be null, where the product has added it. Blocks of headSize / 2 x some threads, a head
/// each of the second; grid: tokens x as many as share the heads out. A thread's angle is the same in all heads.
/// @techniques fused-rope-kv, paged-attention, dependent-launch
/// @bytes tokens * (queryWidth * (4 + 4) + 2 * kvWidth * (4 + 2)), + 2 * rowWidth with a bias
/// @flops 6 * tokens * (queryWidth + kvWidth) / 2, + tokens * rowWidth with a bias, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void KERNEL_NAME(rope_kv_append)(float* __restrict__ qkv, const Bf16* __restrict__ bias,
                                          Bf16* __restrict__ keys, Bf16* __restrict__ values,
                                          const int* __restrict__ positions, const int* __restrict__ sequences,
                                          const float* __restrict__ inverseFrequency, float concentration,
                                          Room room, int queryHeads, int kvHeads, int headSize) {
    append_rotated(qkv, bias, keys, values, nullptr, positions, sequences, inverseFrequency, concentration, room,
                   queryHeads, kvHeads, headSize);
}

/// The same into a cache in FP8, heads of 64: one warp has a whole head, whose largest number gives the scale.
/// @techniques fused-rope-kv, fp8-kv, paged-attention, dependent-launch
/// @bytes tokens * (queryWidth * (4 + 4) + 2 * kvWidth * (4 + 1) + kvHeads * 2), + 2 * rowWidth with a bias
/// @flops 6 * tokens * (queryWidth + kvWidth) / 2, + tokens * rowWidth with a bias, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void KERNEL_NAME(rope_kv_append_fp8)(float* __restrict__ qkv, const Bf16* __restrict__ bias,
                                              E3m4* __restrict__ keys, E3m4* __restrict__ values,
                                              HeadScales* __restrict__ scales, const int* __restrict__ positions,
                                              const int* __restrict__ sequences,
                                              const float* __restrict__ inverseFrequency, float concentration,
                                              Room room, int queryHeads, int kvHeads, int headSize) {
    append_rotated(qkv, bias, keys, values, scales, positions, sequences, inverseFrequency, concentration, room,
                   queryHeads, kvHeads, headSize);
}
