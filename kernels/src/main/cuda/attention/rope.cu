// Rotary position embedding (the two halves of a head are rotated against each other) and the key-value cache.

#include "../common/numeric.cuh"

/// Rotates heads in place. A row of `qkv` holds q, k and v heads one after the other; heads
/// [firstHead, firstHead + gridDim.y) are rotated. `inverseFrequency` holds headSize / 2 angles a position (YaRN's ramp
/// already applied); cos and sin are scaled by `concentration`. Grid: tokens x heads, headSize / 2 threads.
/// @techniques none
/// @bytes tokens * heads * headSize * (2 + 2)
/// @flops 6 * tokens * heads * headSize / 2, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void rope(Bf16* __restrict__ qkv, const int* __restrict__ positions,
                                const float* __restrict__ inverseFrequency, float concentration, int firstHead,
                                int rowWidth, int headSize) {
    const int half = headSize / 2;
    Bf16* head = qkv + static_cast<long long>(blockIdx.x) * rowWidth + (firstHead + blockIdx.y) * headSize;
    for (int i = threadIdx.x; i < half; i += blockDim.x) {
        float sine;
        float cosine;
        sincosf(positions[blockIdx.x] * inverseFrequency[i], &sine, &cosine);
        const float a = to_float(head[i]);
        const float b = to_float(head[i + half]);
        head[i] = to_bf16((a * cosine - b * sine) * concentration);
        head[i + half] = to_bf16((b * cosine + a * sine) * concentration);
    }
}

/// Copies the key and value heads of each token to their place in the cache:
/// cache[sequence][position][kvHead][headSize], keys and values apart. Grid: tokens.
/// @techniques none
/// @bytes tokens * 2 * kvWidth * (2 + 2)
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void kv_append(Bf16* __restrict__ keys, Bf16* __restrict__ values,
                                     const Bf16* __restrict__ qkv, const int* __restrict__ positions,
                                     const int* __restrict__ sequences, int capacity, int rowWidth, int queryWidth,
                                     int kvWidth) {
    const long long token = blockIdx.x;
    const long long slot = (static_cast<long long>(sequences[token]) * capacity + positions[token]) * kvWidth;
    const Bf16* row = qkv + token * rowWidth + queryWidth;
    for (int i = threadIdx.x; i < kvWidth; i += blockDim.x) {
        keys[slot + i] = row[i];
        values[slot + i] = row[kvWidth + i];
    }
}

/// Rotates q in place, and rotates k straight into the cache with v beside it: one launch for rope of q, rope of k and
/// the append. Grid: tokens x (query heads + kv heads), headSize / 2 threads.
/// @techniques fusion, coalesced-access
/// @bytes tokens * (queryWidth * 4 + 2 * kvWidth * 4)
/// @flops 6 * tokens * (queryWidth + kvWidth) / 2, sine and cosine apart
/// @floor bytes / bandwidth
extern "C" __global__ void rope_kv_append(Bf16* __restrict__ qkv, Bf16* __restrict__ keys,
                                          Bf16* __restrict__ values, const int* __restrict__ positions,
                                          const int* __restrict__ sequences,
                                          const float* __restrict__ inverseFrequency, float concentration,
                                          int capacity, int queryHeads, int kvHeads, int headSize) {
    const int half = headSize / 2;
    const int i = threadIdx.x;
    const long long token = blockIdx.x;
    const int head = blockIdx.y;
    const int position = positions[token];
    Bf16* row = qkv + token * (queryHeads + 2 * kvHeads) * headSize + head * headSize;
    float sine;
    float cosine;
    sincosf(position * inverseFrequency[i], &sine, &cosine);
    const float a = to_float(row[i]);
    const float b = to_float(row[i + half]);
    const Bf16 low = to_bf16((a * cosine - b * sine) * concentration);
    const Bf16 high = to_bf16((b * cosine + a * sine) * concentration);
    if (head < queryHeads) {
        row[i] = low;
        row[i + half] = high;
        return;
    }
    const int kvHead = head - queryHeads;
    const long long slot =
        ((static_cast<long long>(sequences[token]) * capacity + position) * kvHeads + kvHead) * headSize;
    keys[slot + i] = low;
    keys[slot + i + half] = high;
    values[slot + i] = row[kvHeads * headSize + i];
    values[slot + i + half] = row[kvHeads * headSize + i + half];
}
