// Walking rows of weights with the lanes of a warp, as a matrix-vector product does. The source that includes this says
// which techniques are on: VECTORISED_LOADS, READ_ONLY_CACHE, LATENCY_HIDING.
#pragma once

#include "numeric.cuh"

/// What one load brings.
#if TECHNIQUE_VECTORISED_LOADS
using Piece = uint4;
#else
using Piece = unsigned int;
#endif
constexpr int kNumbersAPiece = sizeof(Piece) / sizeof(Bf16);

/// acc + a · b over the numbers of a piece, in fp32.
__device__ __forceinline__ float dot(const Piece& a, const Piece& b, float acc) {
#if TECHNIQUE_VECTORISED_LOADS
    return dot8(a, b, acc);
#else
    return dot2(a, b, acc);
#endif
}

#if TECHNIQUE_READ_ONLY_CACHE
/// Says that what is loaded shall be the first to leave L2: a step reads each weight once.
__device__ __forceinline__ unsigned long long first_to_leave() {
    unsigned long long policy;
    asm("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(policy));
    return policy;
}
#endif

/// The piece at `p`, or zeros where it is not `wanted`. The assembler's words are needed for both sides of the switch: a
/// compiler turns plain loads of what a kernel does not write into read-only ones.
__device__ __forceinline__ Piece load_weights(const Piece* p, bool wanted) {
    Piece held;
#if TECHNIQUE_READ_ONLY_CACHE && TECHNIQUE_VECTORISED_LOADS
    asm volatile(
        "{\n.reg .pred wanted;\nsetp.ne.b32 wanted, %5, 0;\nmov.b32 %0, 0;\nmov.b32 %1, 0;\nmov.b32 %2, 0;\nmov.b32 %3, 0;\n"
        "@wanted ld.global.nc.L1::no_allocate.L2::cache_hint.v4.u32 {%0, %1, %2, %3}, [%4], %6;\n}"
        : "=&r"(held.x), "=&r"(held.y), "=&r"(held.z), "=&r"(held.w)
        : "l"(p), "r"(static_cast<int>(wanted)), "l"(first_to_leave()));
#elif TECHNIQUE_READ_ONLY_CACHE
    asm volatile(
        "{\n.reg .pred wanted;\nsetp.ne.b32 wanted, %2, 0;\nmov.b32 %0, 0;\n"
        "@wanted ld.global.nc.L1::no_allocate.L2::cache_hint.u32 %0, [%1], %3;\n}"
        : "=&r"(held)
        : "l"(p), "r"(static_cast<int>(wanted)), "l"(first_to_leave()));
#elif TECHNIQUE_VECTORISED_LOADS
    asm volatile(
        "{\n.reg .pred wanted;\nsetp.ne.b32 wanted, %5, 0;\nmov.b32 %0, 0;\nmov.b32 %1, 0;\nmov.b32 %2, 0;\nmov.b32 %3, 0;\n"
        "@wanted ld.global.v4.u32 {%0, %1, %2, %3}, [%4];\n}"
        : "=&r"(held.x), "=&r"(held.y), "=&r"(held.z), "=&r"(held.w)
        : "l"(p), "r"(static_cast<int>(wanted)));
#else
    asm volatile("{\n.reg .pred wanted;\nsetp.ne.b32 wanted, %2, 0;\nmov.b32 %0, 0;\n@wanted ld.global.u32 %0, [%1];\n}"
                 : "=&r"(held)
                 : "l"(p), "r"(static_cast<int>(wanted)));
#endif
    return held;
}

/// Copies `count` pieces into shared memory with all threads of the block; the caller sets the barrier.
__device__ __forceinline__ void stage(Piece* shared, const Piece* source, int count) {
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        shared[i] = source[i];
    }
}

/// Walks `segments` times `pieces` pieces of `kRows` rows, `kBatch` loads of each row under way at a time, and calls
/// `use(segment, index, held)` with the rows' pieces at each index; past a segment's end zeros are held and the index is its
/// last. `row(segment, r)` says where a row begins. Every thread of the block must come here, as `prepare()` may hold a
/// barrier; the warps that are not `present` do only that. `row` and `present` are the same in all lanes.
///
/// With LATENCY_HIDING the first loads are under way while the block prepares, and the next while the current are used.
template <int kRows, int kBatch, typename Row, typename Prepare, typename Use>
__device__ __forceinline__ void stream_rows(bool present, int segments, int pieces, Row row, Prepare prepare, Use use) {
    constexpr int kStep = kBatch * kWarpSize;
    const int lane = threadIdx.x % kWarpSize;
    const auto load = [&](Piece(&held)[kBatch][kRows], int segment, int from) {
#pragma unroll
        for (int b = 0; b < kBatch; b++) {
            const int i = from + b * kWarpSize + lane;
#pragma unroll
            for (int r = 0; r < kRows; r++) {
                held[b][r] = load_weights(row(segment, r) + i, i < pieces);
            }
        }
    };
    const auto consume = [&](const Piece(&held)[kBatch][kRows], int segment, int from) {
#pragma unroll
        for (int b = 0; b < kBatch; b++) {
            use(segment, min(from + b * kWarpSize + lane, pieces - 1), held[b]);
        }
    };
#if TECHNIQUE_LATENCY_HIDING
    Piece even[kBatch][kRows];
    Piece odd[kBatch][kRows];
    int segment = 0;
    int from = 0;
    // loads what follows into `next`, uses `current`, and says whether anything follows
    const auto turn = [&](const Piece(&current)[kBatch][kRows], Piece(&next)[kBatch][kRows]) {
        const bool ends = from + kStep >= pieces;
        const int nextSegment = ends ? segment + 1 : segment;
        const int nextFrom = ends ? 0 : from + kStep;
        const bool more = nextSegment < segments;
        if (more) {
            load(next, nextSegment, nextFrom);
        }
        consume(current, segment, from);
        segment = nextSegment;
        from = nextFrom;
        return more;
    };
    if (present) {
        load(even, 0, 0);
    }
    prepare();
    while (present && turn(even, odd) && turn(odd, even)) {
    }
#else
    prepare();
    for (int segment = 0; present && segment < segments; segment++) {
        for (int from = 0; from < pieces; from += kStep) {
            Piece held[kBatch][kRows];
            load(held, segment, from);
            consume(held, segment, from);
        }
    }
#endif
}
