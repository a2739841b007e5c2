// Attention of many new tokens in one pass over the keys, on the tensor cores: no score leaves the chip.

#ifndef TECHNIQUE_ASYNC_PIPELINE
#define TECHNIQUE_ASYNC_PIPELINE 1
#endif
#ifndef TECHNIQUE_BANK_CONFLICTS
#define TECHNIQUE_BANK_CONFLICTS 1
#endif
#ifndef TECHNIQUE_DOUBLE_BUFFERING
#define TECHNIQUE_DOUBLE_BUFFERING 1
#endif

#include "../common/cached.cuh"
#include "../common/kernel.cuh"
#include "../common/lanes.cuh"
#include "../common/pages.cuh"

constexpr int kHeadSize = 64;
constexpr int kQueries = 64; // of a block, 16 a warp
constexpr int kKeys = 64;    // of a round
static_assert(kPageTokens % kKeys == 0, "a round of keys lies in one page");
constexpr int kWarps = kQueries / 16;
constexpr int kThreads = 32 * kWarps;
constexpr int kUnits = kHeadSize * 2 / 16; // 16-byte units of a row
constexpr float kLog2E = 1.4426950408889634f;

/// Whether keys and values of the next round are under way while the current ones are used.
constexpr bool kAhead = TECHNIQUE_ASYNC_PIPELINE && TECHNIQUE_DOUBLE_BUFFERING;

/// Where unit c of a row lies in shared memory: with BANK_CONFLICTS, eight rows' same units meet eight different bank groups.
__device__ __forceinline__ int unit_place(int row, int c) {
    return row * kUnits + (TECHNIQUE_BANK_CONFLICTS ? c ^ (row & 7) : c);
}

/// Fetching 64 rows of 64 numbers of a cache into shared memory, where they lie in bf16: asked for, and there once they have
/// arrived and the block has met. Rows at or past `present` become zeros.
template <typename T, Part kPart>
struct Rows;

template <Part kPart>
struct Rows<Bf16, kPart> {
    __device__ __forceinline__ void ask(uint4* to, const Bf16* from, const HeadScales*, int kvHeads, int present) {
        const long long stride = static_cast<long long>(kvHeads) * kHeadSize;
#pragma unroll
        for (int i = threadIdx.x; i < kKeys * kUnits; i += kThreads) {
            const int row = i / kUnits;
            const int c = i % kUnits;
            const bool valid = row < present;
            copy_async_16(shared_address(to + unit_place(row, c)), from + (valid ? row * stride : 0) + c * 8, valid);
        }
        copy_async_commit();
    }

    __device__ __forceinline__ void arrive(uint4*) {
        copy_async_wait<0>();
    }
};

/// FP8 passes through registers, where it becomes bf16 and gets its scale, both of which are exact.
template <Part kPart>
struct Rows<E3m4, kPart> {
    static constexpr int kPieces = kHeadSize / 16; // of a row
    static constexpr int kEach = kKeys * kPieces / kThreads;
    uint4 held[kEach];
    HeadScales scales[kEach];

    __device__ __forceinline__ void ask(uint4*, const E3m4* from, const HeadScales* fromScales, int kvHeads, int present) {
        const long long stride = static_cast<long long>(kvHeads) * kHeadSize;
#pragma unroll
        for (int i = 0; i < kEach; i++) {
            const int at = threadIdx.x + i * kThreads;
            const int row = at / kPieces;
            held[i] = row < present ? reinterpret_cast<const uint4*>(from + row * stride)[at % kPieces]
                                    : make_uint4(0, 0, 0, 0);
            scales[i] = row < present ? fromScales[static_cast<long long>(row) * kvHeads] : HeadScales{0};
        }
    }

    __device__ __forceinline__ void arrive(uint4* to) {
#pragma unroll
        for (int i = 0; i < kEach; i++) {
            const int at = threadIdx.x + i * kThreads;
            const int row = at / kPieces;
            const int c = at % kPieces * 2;
            const uint32 factor = scale_pair<kPart>(scales[i]);
            const auto unpack = [&](uint32 first, uint32 second) {
                uint4 unit;
                unpack_fp8(unit.x, unit.y, first);
                unpack_fp8(unit.z, unit.w, second);
                return make_uint4(multiply_bf16_pairs(unit.x, factor), multiply_bf16_pairs(unit.y, factor),
                                  multiply_bf16_pairs(unit.z, factor), multiply_bf16_pairs(unit.w, factor));
            };
            to[unit_place(row, c)] = unpack(held[i].x, held[i].y);
            to[unit_place(row, c + 1)] = unpack(held[i].z, held[i].w);
        }
    }
};

/// What a launch is for, with a cache of T.
template <typename T>
__device__ __forceinline__ void attend_tile(unsigned short* __restrict__ out, const float* __restrict__ qkv,
                                            const T* __restrict__ keys, const T* __restrict__ values,
                                            const HeadScales* __restrict__ scales, const unsigned short* __restrict__ sinks,
                                            const int* __restrict__ positions, const int* __restrict__ sequences, int added,
                                            Room room, int window, float scale, int rowWidth, int heads, int kvHeads) {
    __shared__ __align__(128) uint4 shared[5 * 64 * kUnits]; // queries, then keys and values of two rounds
    __shared__ QuadRoom<2> ofRows[kWarps];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int head = blockIdx.y;
    const int kvHead = head / (heads / kvHeads);
    const int firstQuery = (gridDim.x - 1 - blockIdx.x) * kQueries;
    const long long firstToken = static_cast<long long>(blockIdx.z) * added;
    const int here = min(kQueries, added - firstQuery);
    const int firstPosition = positions[firstToken] + firstQuery; // of the block's first query
    const int lastPosition = firstPosition + here - 1;
    const int firstKey = window == 0 ? 0 : max(0, firstPosition - window + 1) / kKeys * kKeys;
    const int sequence = sequences[firstToken];
    const Tokens tokens(room, sequence);
    const long long base = Tokens::first(room, sequence) * kvHeads + kvHead; // in heads
    const unsigned int queryRows = shared_address(shared);
    constexpr int kRound = kKeys * kUnits; // units of the keys of a round, likewise of its values
    uint4* const rounds = shared + kQueries * kUnits;

    const float* queries = qkv + (firstToken + firstQuery) * rowWidth + head * kHeadSize;
    for (int i = threadIdx.x; i < kQueries * kUnits; i += kThreads) {
        const int row = i / kUnits;
        const int c = i % kUnits;
        float4 low = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        float4 high = low;
        if (row < here) {
            const float4* from = reinterpret_cast<const float4*>(queries + static_cast<long long>(row) * rowWidth + c * 8);
            low = from[0];
            high = from[1];
        }
        shared[unit_place(row, c)] = make_uint4(pack_bf16(low.x, low.y), pack_bf16(low.z, low.w), pack_bf16(high.x, high.y),
                                                pack_bf16(high.z, high.w));
    }
    Rows<T, Part::kKeys> nextKeys;
    Rows<T, Part::kValues> nextValues;
    const auto ask = [&](int key, int buffer) {
        uint4* const to = rounds + buffer * 2 * kRound;
        const int present = lastPosition + 1 - key;
        const long long at = base + static_cast<long long>(tokens.row(key)) * kvHeads;
        nextKeys.ask(to, tokens.in(keys, key) + at * kHeadSize, tokens.in(scales, key) + at, kvHeads, present);
        nextValues.ask(to + kRound, tokens.in(values, key) + at * kHeadSize, tokens.in(scales, key) + at, kvHeads, present);
    };
    const auto arrive = [&](int buffer) {
        uint4* const to = rounds + buffer * 2 * kRound;
        nextKeys.arrive(to);
        nextValues.arrive(to + kRound);
    };
    ask(firstKey, 0);
    arrive(0);
    __syncthreads();

    unsigned int query[kHeadSize / 16][4];
#pragma unroll
    for (int k = 0; k < kHeadSize / 16; k++) {
        const int row = warp * 16 + lane % 16;
        load_matrices(query[k], queryRows + 16u * unit_place(row, 2 * k + lane / 16));
    }
    const float sink = unpack_pair(sinks[head]).x * kLog2E;
    const float logitScale = scale * kLog2E;
    float largest[2] = {sink, sink};
    float denominator[2] = {1.0f, 1.0f}; // the sink's own term; counted once a row, by the quad's first lane
    if (lane % 4 != 0) {
        denominator[0] = 0.0f;
        denominator[1] = 0.0f;
    }
    float mixed[kHeadSize / 8][4] = {};
    const int rowPosition = firstPosition + warp * 16 + lane / 4;

    int buffer = 0;
    for (int key = firstKey; key <= lastPosition; key += kKeys) {
        const bool more = key + kKeys <= lastPosition;
        const int next = TECHNIQUE_DOUBLE_BUFFERING ? buffer ^ 1 : buffer;
        if (kAhead && more) {
            ask(key + kKeys, next);
        }
        const unsigned int k0 = shared_address(rounds + buffer * 2 * kRound);
        const unsigned int v0 = k0 + 16u * kRound;
        float logits[kKeys / 8][4] = {};
#pragma unroll
        for (int k = 0; k < kHeadSize / 16; k++) {
#pragma unroll
            for (int n = 0; n < kKeys / 16; n++) {
                unsigned int b[4]; // keys 0-7: dims 0-7, 8-15; keys 8-15: dims 0-7, 8-15
                const int row = n * 16 + lane / 16 * 8 + lane % 8;
                load_matrices(b, k0 + 16u * unit_place(row, 2 * k + lane / 8 % 2));
                mma_bf16(logits[2 * n], query[k][0], query[k][1], query[k][2], query[k][3], b[0], b[1]);
                mma_bf16(logits[2 * n + 1], query[k][0], query[k][1], query[k][2], query[k][3], b[2], b[3]);
            }
        }
        const bool whole = key + kKeys - 1 <= firstPosition + warp * 16 &&
                           (window == 0 || key > firstPosition + warp * 16 + 15 - window);
        float roundLargest[2] = {largest[0], largest[1]};
#pragma unroll
        for (int n = 0; n < kKeys / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int at = key + n * 8 + lane % 4 * 2 + i % 2;
                const int position = rowPosition + i / 2 * 8;
                const bool visible = whole || (at <= position && (window == 0 || at > position - window));
                logits[n][i] = visible ? logits[n][i] * logitScale : -kInfinity;
                roundLargest[i / 2] = fmaxf(roundLargest[i / 2], logits[n][i]);
            }
        }
        reduce_quad(roundLargest, Larger(), ofRows[warp]);
#pragma unroll
        for (int r = 0; r < 2; r++) {
            const float correction = exp2f(largest[r] - roundLargest[r]);
            largest[r] = roundLargest[r];
            denominator[r] *= correction;
#pragma unroll
            for (int d = 0; d < kHeadSize / 8; d++) {
                mixed[d][2 * r] *= correction;
                mixed[d][2 * r + 1] *= correction;
            }
        }
#pragma unroll
        for (int n = 0; n < kKeys / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                logits[n][i] = exp2f(logits[n][i] - largest[i / 2]);
                denominator[i / 2] += logits[n][i];
            }
        }
#pragma unroll
        for (int k = 0; k < kKeys / 16; k++) {
            const unsigned int a0 = pack_bf16(logits[2 * k][0], logits[2 * k][1]);
            const unsigned int a1 = pack_bf16(logits[2 * k][2], logits[2 * k][3]);
            const unsigned int a2 = pack_bf16(logits[2 * k + 1][0], logits[2 * k + 1][1]);
            const unsigned int a3 = pack_bf16(logits[2 * k + 1][2], logits[2 * k + 1][3]);
#pragma unroll
            for (int d = 0; d < kHeadSize / 16; d++) {
                unsigned int b[4]; // dims 0-7: keys 0-7, 8-15; dims 8-15: keys 0-7, 8-15
                const int row = k * 16 + lane % 16;
                load_matrices_transposed(b, v0 + 16u * unit_place(row, 2 * d + lane / 16));
                mma_bf16(mixed[2 * d], a0, a1, a2, a3, b[0], b[1]);
                mma_bf16(mixed[2 * d + 1], a0, a1, a2, a3, b[2], b[3]);
            }
        }
        if (more) {
            if (!TECHNIQUE_DOUBLE_BUFFERING) {
                __syncthreads(); // all warps have used what is overwritten
            }
            if (!kAhead) {
                ask(key + kKeys, next);
            }
            arrive(next);
        }
        __syncthreads();
        buffer = next;
    }

    reduce_quad(denominator, Sum(), ofRows[warp]);
#pragma unroll
    for (int r = 0; r < 2; r++) {
        const int q = warp * 16 + lane / 4 + 8 * r;
        if (q < here) {
            const float inverse = 1.0f / denominator[r];
            unsigned int* row = reinterpret_cast<unsigned int*>(out + ((firstToken + firstQuery + q) * heads + head) * kHeadSize);
#pragma unroll
            for (int d = 0; d < kHeadSize / 8; d++) {
                row[d * 4 + lane % 4] = pack_bf16(mixed[d][2 * r] * inverse, mixed[d][2 * r + 1] * inverse);
            }
        }
    }
}

/// out[token][head] = softmax(q · K * scale, the head's sink among the logits) · V for `added` new tokens of each sequence, whose
/// keys and values lie in the cache already. A block takes 64 queries of one head; rounds of 64 keys outside the window of all its
/// queries are skipped. Queries come in fp32. The running maximum and sum are fp32, probabilities enter the second product as bf16. Heads of 64.
/// Grid: query tiles (the last first, which has most keys) x query heads x sequences.
/// @techniques flash-attention, paged-attention, double-buffering, async-pipeline, bank-conflicts, warp-shuffle
/// @bytes sequences * (added * queryWidth * 6 + queryTiles * heads / group * visible keys * 256)
/// @flops 4 * visible pairs * queryWidth
/// @floor flops / tensor rate
extern "C" __global__ void __launch_bounds__(kThreads)
    KERNEL_NAME(attention_flash)(unsigned short* __restrict__ out, const float* __restrict__ qkv, const Bf16* __restrict__ keys,
                    const Bf16* __restrict__ values, const unsigned short* __restrict__ sinks, const int* __restrict__ positions,
                    const int* __restrict__ sequences, int added, Room room, int window, float scale, int rowWidth, int heads,
                    int kvHeads) {
    attend_tile(out, qkv, keys, values, nullptr, sinks, positions, sequences, added, room, window, scale, rowWidth, heads, kvHeads);
}

/// The same over a cache in FP8, whose numbers become bf16 on their way into shared memory. Three blocks a multiprocessor, as
/// above, where the registers that this way takes would allow only two.
/// @techniques flash-attention, fp8-kv, paged-attention, double-buffering, async-pipeline, bank-conflicts, warp-shuffle
/// @bytes sequences * (added * queryWidth * 6 + queryTiles * heads / group * visible keys * 130)
/// @flops 4 * visible pairs * queryWidth
/// @floor flops / tensor rate
extern "C" __global__ void __launch_bounds__(kThreads, 3)
    KERNEL_NAME(attention_flash_fp8)(unsigned short* __restrict__ out, const float* __restrict__ qkv, const E3m4* __restrict__ keys,
                        const E3m4* __restrict__ values, const HeadScales* __restrict__ scales,
                        const unsigned short* __restrict__ sinks, const int* __restrict__ positions,
                        const int* __restrict__ sequences, int added, Room room, int window, float scale, int rowWidth, int heads,
                        int kvHeads) {
    attend_tile(out, qkv, keys, values, scales, sinks, positions, sequences, added, room, window, scale, rowWidth, heads, kvHeads);
}
