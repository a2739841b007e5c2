// Attention of one new token a sequence by clusters: eight blocks share out the keys of a key head, all of its query heads see each key
// while it lies in shared memory (GQA), and each block puts one head together. Rotation and cache are done on the way.

#ifndef TECHNIQUE_GQA
#define TECHNIQUE_GQA 1
#endif
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
#include "../common/lanes.cuh"
#include "../common/pages.cuh"
#include "../common/sizes.cuh"

constexpr int kHeadSize = 64;
constexpr int kBlocks = 8; // of a cluster
constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;
constexpr int kKeys = 64;  // of a round
constexpr int kRounds = 2; // in shared memory

/// With GQA a cluster has all query heads of a key head, a warp each, which looks at all keys of a round. Without it a cluster has one
/// query head, and the warps share out the keys of a round, four lanes a key.
constexpr bool kTogether = TECHNIQUE_GQA;
constexpr int kLanesAKey = kTogether ? 1 : 4;
constexpr int kWarpKeys = kTogether ? kKeys : kKeys / kWarps; // of a round
constexpr int kLaneKeys = kWarpKeys * kLanesAKey / kWarpSize; // of a round
constexpr int kLaneNumbers = kHeadSize / kLanesAKey;          // of a key
static_assert(kWarpKeys * kLanesAKey % kWarpSize == 0, "all lanes have as many keys");
static_assert(kBlocks == kWarps, "what warps have is put together as what blocks have");

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

/// What a head gets from all blocks of the cluster, or from all warps of a block.
struct Partials {
    float sums[kBlocks][kHeadSize];
    float largest[kBlocks];
    float denominators[kBlocks];
};

/// A head's values by the exponentials of their scores less the largest one, two numbers of the sum a lane.
struct Mixture {
    float largest;
    float denominator;
    float2 sums;
};

/// All that has come together. `sink` is a score without a value: the largest one is no less, so that it is finite whatever lacks keys.
template <bool kCountsSink>
__device__ __forceinline__ Mixture together(const Partials& partials, float sink) {
    const int lane = threadIdx.x % kWarpSize;
    Mixture all = {sink, 0.0f, make_float2(0.0f, 0.0f)};
#pragma unroll
    for (int b = 0; b < kBlocks; b++) {
        all.largest = fmaxf(all.largest, partials.largest[b]);
    }
    if constexpr (kCountsSink) {
        all.denominator = __expf(sink - all.largest);
    }
#pragma unroll
    for (int b = 0; b < kBlocks; b++) {
        const float factor = __expf(partials.largest[b] - all.largest);
        all.denominator = fmaf(partials.denominators[b], factor, all.denominator);
        all.sums.x = fmaf(partials.sums[b][2 * lane], factor, all.sums.x);
        all.sums.y = fmaf(partials.sums[b][2 * lane + 1], factor, all.sums.y);
    }
    return all;
}

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

/// Rounds two numbers of each lane as the cache has them, into shared memory and, where this cluster keeps them, to their place.
template <typename T, Part kPart>
__device__ __forceinline__ uint32 keep_new(Row<T>& row, T* place, bool keeps, float low, float high) {
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
    if (keeps) {
        place[lane] = first;
        place[lane + kHeadSize / 2] = second;
    }
    return exponent;
}

/// The product of this lane's numbers of a query with those of a row of keys, without the row's scale: all, or the `part`-th of
/// `kLanesAKey` parts.
template <typename T>
__device__ __forceinline__ float dot_row(const float* query, const Row<T>& row, int part) {
    constexpr int kPieces = kLaneNumbers * sizeof(T) / 16;
    constexpr int kNumbersAWord = 4 / sizeof(T);
    float sum = 0.0f;
#pragma unroll
    for (int p = 0; p < kPieces; p++) {
        const uint4 piece = reinterpret_cast<const uint4*>(row.numbers)[part * kPieces + p];
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
    __shared__ __align__(16) float weights[kWarps][kWarpKeys];
    __shared__ WarpRoom<float, 1> ofWarps[kWarps];
    __shared__ QuadRoom<1> ofKeys[kWarps];
    constexpr int kHalf = kHeadSize / 2;
    heads = sized<SIZE_QUERY_HEADS>(heads);
    kvHeads = sized<SIZE_KV_HEADS>(kvHeads);
    const int rank = static_cast<int>(cluster_rank());
    const int cluster = blockIdx.x / kBlocks;
    const int token = blockIdx.y;
    const int group = heads / kvHeads;
    const int kvHead = kTogether ? cluster : cluster / group;
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int ownHeads = kTogether ? group : 1; // of the cluster
    const int firstHead = kTogether ? kvHead * group : cluster;
    const int head = firstHead + (kTogether ? warp : 0);      // that this warp looks for
    const int mixedHead = firstHead + (kTogether ? rank : 0); // that this block puts together, if any
    const bool looks = !kTogether || warp < group;
    const bool keeps = kTogether || cluster % group == 0; // the new token's key and value
    cluster_begin(&arrived, rank < ownHeads, kBlocks * (kHeadSize + 2) * sizeof(float));
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
    const float sink = !kTogether || rank < group ? to_float(sinks[mixedHead]) : 0.0f;
    wait_for_previous();
    let_next_begin();
    const float* row = given(qkv) + static_cast<long long>(token) * (heads + 2 * kvHeads) * kHeadSize;
    if (looks) {
        const float* query = row + head * kHeadSize;
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
        const uint32 ofKey = keep_new<T, Part::kKeys>(tiles.newKey, tokens.in(cache.keys + at * kHeadSize, last), keeps,
                                                      a * cosine - b * sine, b * cosine + a * sine);
        const uint32 ofValue =
            keep_new<T, Part::kValues>(tiles.newValue, tokens.in(cache.values + at * kHeadSize, last), keeps, low, high);
        if constexpr (kScaled<T>) {
            if (lane == 0) {
                tiles.newScales.bits = static_cast<unsigned short>(ofKey | ofValue << 8);
                if (keeps) {
                    *tokens.in(cache.scales + at, last) = tiles.newScales;
                }
            }
        }
    }
    const int part = kTogether ? 0 : lane % kLanesAKey;
    [[maybe_unused]] float ownNumbers[kLaneNumbers]; // of the query; all of them are too many to hold
    if constexpr (!kTogether) {
        __syncwarp();
#pragma unroll
        for (int i = 0; i < kLaneNumbers; i++) {
            ownNumbers[i] = queries[warp][part * kLaneNumbers + i];
        }
    }
    Mixture own = {-kInfinity, 0.0f, make_float2(0.0f, 0.0f)};
    int round = 0;
    for (int begin = from; begin < to; begin += kKeys) {
        if (begin + kKeys < to) {
            ask(tiles, round ^ 1, cache, tokens, begin + kKeys, to, last);
            copy_async_wait<1>();
        } else {
            copy_async_wait<0>();
        }
        __syncthreads();
        const int firstRow = kTogether ? 0 : warp * kWarpKeys; // of the round, that this warp looks at
        const int count = min(kWarpKeys, to - begin - firstRow);
        if (looks && count > 0) {
            float score[kLaneKeys];
            float valueScale[kLaneKeys];
            float newLargest[1] = {own.largest};
#pragma unroll
            for (int k = 0; k < kLaneKeys; k++) {
                const int at = firstRow + k * kWarpSize + lane / kLanesAKey;
                const int key = begin + at;
                score[k] = -kInfinity;
                valueScale[k] = 1.0f;
                if (kTogether && key >= to) {
                    continue; // where lanes share a key they stay together
                }
                float product[1] = {dot_row(kTogether ? queries[warp] : ownNumbers,
                                            key == last ? tiles.newKey : tiles.keys[round][at], part)};
                if constexpr (!kTogether) {
                    reduce_quad(product, Sum(), ofKeys[warp]);
                }
                if (key < to) {
                    score[k] = product[0];
                    if constexpr (kScaled<T>) {
                        const HeadScales ofKey = key == last ? tiles.newScales : tiles.scales[round][at];
                        score[k] *= ::scale<Part::kKeys>(ofKey);
                        valueScale[k] = ::scale<Part::kValues>(ofKey);
                    }
                }
                newLargest[0] = fmaxf(newLargest[0], score[k]);
            }
            reduce_warp(newLargest, Larger(), ofWarps[warp]);
            const float correction = __expf(own.largest - newLargest[0]);
            float added = 0.0f;
#pragma unroll
            for (int k = 0; k < kLaneKeys; k++) {
                const float e = __expf(score[k] - newLargest[0]);
                if (part == 0) { // a key counts once
                    added += e;
                    weights[warp][k * kWarpSize + lane / kLanesAKey] = e * valueScale[k];
                }
            }
            own.denominator = own.denominator * correction + over_warp(added, Sum(), ofWarps[warp]);
            own.sums.x *= correction;
            own.sums.y *= correction;
            own.largest = newLargest[0];
            __syncwarp();
            const int old = begin + firstRow + count - 1 == last ? count - 1 : count;
#pragma unroll 8
            for (int k = 0; k < old; k++) {
                const float2 v = pair_of(tiles.values[round][firstRow + k], lane);
                own.sums.x = fmaf(weights[warp][k], v.x, own.sums.x);
                own.sums.y = fmaf(weights[warp][k], v.y, own.sums.y);
            }
            if (old < count) {
                const float2 v = pair_of(tiles.newValue, lane);
                own.sums.x = fmaf(weights[warp][old], v.x, own.sums.x);
                own.sums.y = fmaf(weights[warp][old], v.y, own.sums.y);
            }
        }
        __syncthreads();
        round ^= 1;
    }
    if constexpr (!kTogether) {
        __shared__ Partials ofBlock;
        ofBlock.sums[warp][2 * lane] = own.sums.x;
        ofBlock.sums[warp][2 * lane + 1] = own.sums.y;
        if (lane == 0) {
            ofBlock.largest[warp] = own.largest;
            ofBlock.denominators[warp] = own.denominator;
        }
        __syncthreads();
        own = together<false>(ofBlock, sink);
    }
    cluster_begun();
    if (warp < ownHeads) {
        send(&partials.sums[rank][2 * lane], &arrived, warp, own.sums.x);
        send(&partials.sums[rank][2 * lane + 1], &arrived, warp, own.sums.y);
        if (lane == 0) {
            send(&partials.largest[rank], &arrived, warp, own.largest);
            send(&partials.denominators[rank], &arrived, warp, own.denominator);
        }
    }
    if (rank < ownHeads && warp == 0) {
        receive(&arrived);
        const Mixture all = together<true>(partials, sink);
        unsigned int* to32 = reinterpret_cast<unsigned int*>(out + (static_cast<long long>(token) * heads + mixedHead) * kHeadSize);
        to32[lane] = pack_pair(all.sums.x / all.denominator, all.sums.y / all.denominator);
    }
}

/// One cluster of eight blocks a key head and sequence, whose keys they share out; at most eight query heads a key head, of 64 numbers.
/// Queries, keys and values come in fp32 with their bias, not yet rotated. Without GQA a cluster a query head, so that keys and values
/// are read by each. Grid: 8 * key heads (without GQA: query heads) x sequences in clusters of 8, 256 threads.
/// @techniques cooperative-groups, fused-attention, fused-rope-kv, gqa, warp-shuffle, paged-attention, dependent-launch
/// @bytes sequences * (kvWidth * 2 * 2 * visible keys + rowWidth * 4 + queryWidth * 2), without GQA keys and values from L2 for all but
///   the first head of a group
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
/// @techniques cooperative-groups, fused-attention, fused-rope-kv, fp8-kv, gqa, warp-shuffle, paged-attention, dependent-launch
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
