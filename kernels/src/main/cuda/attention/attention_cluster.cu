// Attention of one new token a sequence by clusters: eight blocks share out the keys of a key head, all of its query heads see each key
// while it lies in shared memory, and each block puts one head together. Rotation and cache are done on the way.

#ifndef SIZE_KV_HEADS
#define SIZE_KV_HEADS 0
#endif
#ifndef SIZE_QUERY_HEADS
#define SIZE_QUERY_HEADS 0
#endif

#include "../common/async.cuh"
#include "../common/cached.cuh"
#include "../common/cluster.cuh"
#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/pages.cuh"
#include "../common/sizes.cuh"

constexpr int kHeadSize = 64;
constexpr int kBlocks = 8; // of a cluster
constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize; // one a query head
constexpr int kKeys = 64;                    // of a round
constexpr int kRounds = 2;                   // in shared memory

/// A row of the cache in shared memory: 16 bytes more than it takes, so that the lanes' rows meet different banks.
template <typename T>
struct __align__(16) Row {
    T numbers[kHeadSize];
    unsigned char apart[16];
};

/// What a block holds of the cache.
template <typename T>
struct Tiles {
    Row<T> keys[kRounds][kKeys];
    Row<T> values[kRounds][kKeys];
    HeadScales scales[kRounds][kKeys];
    Row<T> newKey; // of the new token
    Row<T> newValue;
    HeadScales newScales;
};

/// What the heads of a block get from all blocks of the cluster.
struct Partials {
    float sums[kBlocks][kHeadSize];
    float largest[kBlocks];
    float denominators[kBlocks];
};

/// The part of a sequence's cache that the cluster's key head has, in numbers or scales.
template <typename T>
struct Cache {
    T* keys;
    T* values;
    HeadScales* scales;
    int kvHeads;

    __device__ __forceinline__ long long at(int row) const {
        return static_cast<long long>(row) * kvHeads;
    }
};

/// Asks for the keys [from, to) and their values. The new token's is not there yet, and lies elsewhere.
template <typename T>
__device__ __forceinline__ void ask(Tiles<T>& tiles, int round, const Cache<T>& cache, Tokens tokens, int from, int to,
                                    int last) {
    constexpr int kPieces = kHeadSize * sizeof(T) / 16;
    for (int i = threadIdx.x; i < kKeys * kPieces; i += kThreads) {
        const int row = i / kPieces;
        const int piece = i % kPieces;
        const int key = from + row;
        if (key < to && key != last) {
            const long long at = cache.at(tokens.row(key)) * kHeadSize;
            copy_async_16(shared_address(reinterpret_cast<uint4*>(tiles.keys[round][row].numbers) + piece),
                          reinterpret_cast<const uint4*>(tokens.in(cache.keys, key) + at) + piece, true);
            copy_async_16(shared_address(reinterpret_cast<uint4*>(tiles.values[round][row].numbers) + piece),
                          reinterpret_cast<const uint4*>(tokens.in(cache.values, key) + at) + piece, true);
        }
    }
    if constexpr (kScaled<T>) {
        const int key = from + static_cast<int>(threadIdx.x);
        if (threadIdx.x < kKeys && key < to && key != last) {
            tiles.scales[round][threadIdx.x].bits = __ldcg(&tokens.in(cache.scales, key)[cache.at(tokens.row(key))].bits);
        }
    }
    copy_async_commit();
}

/// Rounds two numbers of each lane to the cache, and keeps them in shared memory as well.
template <typename T, Part kPart>
__device__ __forceinline__ uint32 keep_new(Row<T>& row, T* place, float low, float high) {
    const int lane = threadIdx.x % kWarpSize;
    uint32 exponent = 0;
    T first;
    T second;
    if constexpr (kScaled<T>) {
        exponent = scale_exponent(low, high);
        first = scaled_down(low, exponent);
        second = scaled_down(high, exponent);
    } else {
        first = to_bf16(low);
        second = to_bf16(high);
    }
    row.numbers[lane] = first;
    row.numbers[lane + kHeadSize / 2] = second;
    place[lane] = first;
    place[lane + kHeadSize / 2] = second;
    return exponent;
}

/// The product of a query with a row of keys, without the row's scale.
template <typename T>
__device__ __forceinline__ float dot_row(const float* query, const Row<T>& row) {
    constexpr int kPieces = kHeadSize * sizeof(T) / 16;
    constexpr int kNumbersAWord = 4 / sizeof(T);
    float sum = 0.0f;
#pragma unroll
    for (int p = 0; p < kPieces; p++) {
        const uint4 piece = reinterpret_cast<const uint4*>(row.numbers)[p];
        const unsigned int words[4] = {piece.x, piece.y, piece.z, piece.w};
#pragma unroll
        for (int w = 0; w < 4; w++) {
            float numbers[kNumbersAWord];
            unpack_word<T>(numbers, words[w]);
#pragma unroll
            for (int n = 0; n < kNumbersAWord; n++) {
                sum = fmaf(numbers[n], query[(p * 4 + w) * kNumbersAWord + n], sum);
            }
        }
    }
    return sum;
}

/// Two neighbouring numbers of a row of values, without the row's scale.
template <typename T>
__device__ __forceinline__ float2 pair_of(const Row<T>& row, int pair) {
    if constexpr (kScaled<T>) {
        float numbers[4];
        unpack_word<T>(numbers, reinterpret_cast<const unsigned short*>(row.numbers)[pair]);
        return make_float2(numbers[0], numbers[1]);
    } else {
        return unpack_pair(reinterpret_cast<const unsigned int*>(row.numbers)[pair]);
    }
}

/// What a launch is for, with a cache of T.
template <typename T>
__device__ __forceinline__ void attend(Bf16* __restrict__ out, const float* __restrict__ qkv, T* keys, T* values, HeadScales* scales,
                                       const Bf16* __restrict__ sinks, const int* positions, const int* sequences,
                                       const float* __restrict__ inverseFrequency, float concentration, Room room, int window,
                                       float scale, int heads, int kvHeads) {
    __shared__ Tiles<T> tiles;
    __shared__ Partials partials;
    __shared__ Inbox arrived;
    __shared__ __align__(16) float queries[kWarps][kHeadSize];
    __shared__ __align__(16) float weights[kWarps][kKeys];
    constexpr int kHalf = kHeadSize / 2;
    heads = sized<SIZE_QUERY_HEADS>(heads);
    kvHeads = sized<SIZE_KV_HEADS>(kvHeads);
    const int rank = static_cast<int>(cluster_rank());
    const int kvHead = blockIdx.x / kBlocks;
    const int token = blockIdx.y;
    const int group = heads / kvHeads;
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    cluster_begin(&arrived, rank < group, kBlocks * (kHeadSize + 2) * sizeof(float));
    // where a token stands was settled, and older keys were kept, long before the kernel ahead of this one
    const int last = __ldcg(positions + token);
    const int sequence = __ldcg(sequences + token);
    const long long base = Tokens::first(room, sequence) * kvHeads + kvHead;
    const Cache<T> cache = {keys + base * kHeadSize, values + base * kHeadSize, kScaled<T> ? scales + base : nullptr, kvHeads};
    const Tokens tokens(room, sequence);
    const int first = window == 0 ? 0 : max(0, last - window + 1);
    const int share = (last - first + kBlocks) / kBlocks;
    const int from = first + rank * share;
    const int to = min(from + share, last + 1);
    ask(tiles, 0, cache, tokens, from, to, last);
    float sine;
    float cosine;
    sincosf(last * inverseFrequency[lane], &sine, &cosine);
    sine *= concentration;
    cosine *= concentration;
    const float sink = rank < group ? to_float(sinks[kvHead * group + rank]) : 0.0f;
    wait_for_previous();
    let_next_begin();
    const float* row = given(qkv) + static_cast<long long>(token) * (heads + 2 * kvHeads) * kHeadSize;
    if (warp < group) {
        const float* query = row + (kvHead * group + warp) * kHeadSize;
        const float a = query[lane];
        const float b = query[lane + kHalf];
        queries[warp][lane] = (a * cosine - b * sine) * scale;
        queries[warp][lane + kHalf] = (b * cosine + a * sine) * scale;
    }
    if (from <= last && last < to && warp == kWarps - 1) { // this block has the new token
        const float* key = row + (heads + kvHead) * kHeadSize;
        const float* value = key + kvHeads * kHeadSize;
        const float a = key[lane];
        const float b = key[lane + kHalf];
        const float low = value[lane];
        const float high = value[lane + kHalf];
        const long long at = cache.at(tokens.row(last));
        const uint32 ofKey = keep_new<T, Part::kKeys>(tiles.newKey, tokens.in(cache.keys + at * kHeadSize, last),
                                                      a * cosine - b * sine, b * cosine + a * sine);
        const uint32 ofValue = keep_new<T, Part::kValues>(tiles.newValue, tokens.in(cache.values + at * kHeadSize, last), low, high);
        if constexpr (kScaled<T>) {
            if (lane == 0) {
                tiles.newScales.bits = static_cast<unsigned short>(ofKey | ofValue << 8);
                *tokens.in(cache.scales + at, last) = tiles.newScales;
            }
        }
    }
    float largest = -kInfinity;
    float denominator = 0.0f;
    float2 sums = make_float2(0.0f, 0.0f);
    int round = 0;
    for (int begin = from; begin < to; begin += kKeys) {
        if (begin + kKeys < to) {
            ask(tiles, round ^ 1, cache, tokens, begin + kKeys, to, last);
            copy_async_wait<1>();
        } else {
            copy_async_wait<0>();
        }
        __syncthreads();
        if (warp < group) {
            float score[kKeys / kWarpSize];
            float valueScale[kKeys / kWarpSize];
            float newLargest = largest;
#pragma unroll
            for (int k = 0; k < kKeys / kWarpSize; k++) {
                const int at = k * kWarpSize + lane;
                const int key = begin + at;
                score[k] = -kInfinity;
                valueScale[k] = 1.0f;
                if (key < to) {
                    score[k] = dot_row(queries[warp], key == last ? tiles.newKey : tiles.keys[round][at]);
                    if constexpr (kScaled<T>) {
                        const HeadScales ofKey = key == last ? tiles.newScales : tiles.scales[round][at];
                        score[k] *= ::scale<Part::kKeys>(ofKey);
                        valueScale[k] = ::scale<Part::kValues>(ofKey);
                    }
                }
                newLargest = fmaxf(newLargest, score[k]);
            }
            newLargest = warp_max(newLargest);
            const float correction = __expf(largest - newLargest);
            float added = 0.0f;
#pragma unroll
            for (int k = 0; k < kKeys / kWarpSize; k++) {
                const float e = __expf(score[k] - newLargest);
                added += e;
                weights[warp][k * kWarpSize + lane] = e * valueScale[k];
            }
            denominator = denominator * correction + warp_sum(added);
            sums.x *= correction;
            sums.y *= correction;
            largest = newLargest;
            __syncwarp();
            const int count = min(kKeys, to - begin);
            const int old = begin + count - 1 == last ? count - 1 : count;
#pragma unroll 8
            for (int k = 0; k < old; k++) {
                const float2 v = pair_of(tiles.values[round][k], lane);
                sums.x = fmaf(weights[warp][k], v.x, sums.x);
                sums.y = fmaf(weights[warp][k], v.y, sums.y);
            }
            if (old < count) {
                const float2 v = pair_of(tiles.newValue, lane);
                sums.x = fmaf(weights[warp][old], v.x, sums.x);
                sums.y = fmaf(weights[warp][old], v.y, sums.y);
            }
        }
        __syncthreads();
        round ^= 1;
    }
    cluster_begun();
    if (warp < group) {
        send(&partials.sums[rank][2 * lane], &arrived, warp, sums.x);
        send(&partials.sums[rank][2 * lane + 1], &arrived, warp, sums.y);
        if (lane == 0) {
            send(&partials.largest[rank], &arrived, warp, largest);
            send(&partials.denominators[rank], &arrived, warp, denominator);
        }
    }
    if (rank < group && warp == 0) {
        receive(&arrived);
        float overall = sink;
#pragma unroll
        for (int b = 0; b < kBlocks; b++) {
            overall = fmaxf(overall, partials.largest[b]);
        }
        float total = __expf(sink - overall);
        float low = 0.0f;
        float high = 0.0f;
#pragma unroll
        for (int b = 0; b < kBlocks; b++) {
            const float factor = __expf(partials.largest[b] - overall);
            total = fmaf(partials.denominators[b], factor, total);
            low = fmaf(partials.sums[b][2 * lane], factor, low);
            high = fmaf(partials.sums[b][2 * lane + 1], factor, high);
        }
        unsigned int* to32 = reinterpret_cast<unsigned int*>(out + (static_cast<long long>(token) * heads + kvHead * group + rank) * kHeadSize);
        to32[lane] = pack_pair(low / total, high / total);
    }
}

/// One cluster of eight blocks a key head and sequence, whose keys they share out; at most eight query heads a key head, of 64 numbers.
/// Queries, keys and values come in fp32 with their bias, not yet rotated. Grid: 8 * key heads x sequences in clusters of 8, 256 threads.
/// @techniques cooperative-groups, fused-attention, fused-rope-kv, paged-attention, dependent-launch
/// @bytes sequences * (kvWidth * 2 * 2 * visible keys + rowWidth * 4 + queryWidth * 2)
/// @flops 4 * sequences * heads * visible keys * headSize
/// @floor bytes / bandwidth; at short contexts latency
extern "C" __global__ void __launch_bounds__(kThreads)
    KERNEL_NAME(attention_cluster)(Bf16* __restrict__ out, const float* __restrict__ qkv, Bf16* keys, Bf16* values,
                                   const Bf16* __restrict__ sinks, const int* positions, const int* sequences,
                                   const float* __restrict__ inverseFrequency, float concentration, Room room, int window,
                                   float scale, int heads, int kvHeads) {
    attend(out, qkv, keys, values, nullptr, sinks, positions, sequences, inverseFrequency, concentration, room, window, scale,
           heads, kvHeads);
}

/// The same over a cache in FP8.
/// @techniques cooperative-groups, fused-attention, fused-rope-kv, fp8-kv, paged-attention, dependent-launch
/// @bytes sequences * (kvWidth * 2 * visible keys + rowWidth * 4 + queryWidth * 2)
/// @flops 4 * sequences * heads * visible keys * headSize
/// @floor bytes / bandwidth; at short contexts latency
extern "C" __global__ void __launch_bounds__(kThreads)
    KERNEL_NAME(attention_cluster_fp8)(Bf16* __restrict__ out, const float* __restrict__ qkv, E3m4* keys, E3m4* values,
                                       HeadScales* scales, const Bf16* __restrict__ sinks, const int* positions,
                                       const int* sequences, const float* __restrict__ inverseFrequency, float concentration,
                                       Room room, int window, float scale, int heads, int kvHeads) {
    attend(out, qkv, keys, values, scales, sinks, positions, sequences, inverseFrequency, concentration, room, window, scale, heads,
           kvHeads);
}
