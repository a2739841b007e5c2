// Rotary position embedding (the two halves of a head are rotated against each other) and the key-value cache.

#include "../common/cached.cuh"
#include "../common/dependent.cuh"

/// Rotates heads in place. A row of `qkv` holds q, k and v heads one after the other, in fp32: what is rounded before the
/// rotation would be rounded twice. Heads [firstHead, firstHead + gridDim.y) are rotated. `inverseFrequency` holds
/// headSize / 2 angles a position (YaRN's ramp already applied); cos and sin are scaled by `concentration`.
/// Grid: tokens x heads, headSize / 2 threads.
/// @techniques none
/// @bytes tokens * heads * headSize * (4 + 4)
/// @flops 6 * tokens * heads * headSize / 2, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void rope(float* __restrict__ qkv, const int* __restrict__ positions,
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
extern "C" __global__ void kv_append(Bf16* __restrict__ keys, Bf16* __restrict__ values,
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
                                               T* __restrict__ values, const int* __restrict__ positions,
                                               const int* __restrict__ sequences,
                                               const float* __restrict__ inverseFrequency, float concentration,
                                               int capacity, int queryHeads, int kvHeads, int headSize) {
    const int half = headSize / 2;
    const int i = threadIdx.x;
    const long long token = blockIdx.x;
    const int head = blockIdx.y;
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
    const int at = head * headSize + i;
    const float a = biased(at);
    const float b = biased(at + half);
    const float low = (a * cosine - b * sine) * concentration;
    const float high = (b * cosine + a * sine) * concentration;
    if (head < queryHeads) {
        row[at] = low;
        row[at + half] = high;
        return;
    }
    const int kvHead = head - queryHeads;
    const int value = at + kvHeads * headSize;
    const long long slot =
        ((static_cast<long long>(sequences[token]) * capacity + position) * kvHeads + kvHead) * headSize;
    keep(keys[slot + i], low);
    keep(keys[slot + i + half], high);
    keep(values[slot + i], biased(value));
    keep(values[slot + i + half], biased(value + half));
}

/// Adds the bias, rotates q in place, and rotates k straight into the cache with v beside it: one launch for the bias, rope
/// of q, rope of k and the append. `bias` may be null, where the product has added it. Grid: tokens x (query heads + kv
/// heads), headSize / 2 threads.
/// @techniques fused-rope-kv, dependent-launch
/// @bytes tokens * (queryWidth * (4 + 4) + 2 * kvWidth * (4 + 2)), + 2 * rowWidth with a bias
/// @flops 6 * tokens * (queryWidth + kvWidth) / 2, + tokens * rowWidth with a bias, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void rope_kv_append(float* __restrict__ qkv, const Bf16* __restrict__ bias,
                                          Bf16* __restrict__ keys, Bf16* __restrict__ values,
                                          const int* __restrict__ positions, const int* __restrict__ sequences,
                                          const float* __restrict__ inverseFrequency, float concentration,
                                          int capacity, int queryHeads, int kvHeads, int headSize) {
    append_rotated(qkv, bias, keys, values, positions, sequences, inverseFrequency, concentration, capacity, queryHeads,
                   kvHeads, headSize);
}

/// The same into a cache in FP8.
/// @techniques fused-rope-kv, fp8-kv, dependent-launch
/// @bytes tokens * (queryWidth * (4 + 4) + 2 * kvWidth * (4 + 1)), + 2 * rowWidth with a bias
/// @flops 6 * tokens * (queryWidth + kvWidth) / 2, + tokens * rowWidth with a bias, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void rope_kv_append_fp8(float* __restrict__ qkv, const Bf16* __restrict__ bias,
                                              E4m3* __restrict__ keys, E4m3* __restrict__ values,
                                              const int* __restrict__ positions, const int* __restrict__ sequences,
                                              const float* __restrict__ inverseFrequency, float concentration,
                                              int capacity, int queryHeads, int kvHeads, int headSize) {
    append_rotated(qkv, bias, keys, values, positions, sequences, inverseFrequency, concentration, capacity, queryHeads,
                   kvHeads, headSize);
}
