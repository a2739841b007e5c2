// What the key-value cache holds: bf16, or FP8 (E4M3) with a scale of 1.
#pragma once

#include "mma.cuh"
#include "numeric.cuh"

/// A number of 8 bits: a sign, four bits of exponent, three of mantissa; 2^-9 to 448.
struct E4m3 {
    unsigned char bits;
};

/// Rounds to what the cache holds.
__device__ __forceinline__ void keep(Bf16& place, float x) {
    place = to_bf16(x);
}

/// The same in FP8; what is larger than 448 becomes that.
__device__ __forceinline__ void keep(E4m3& place, float x) {
    unsigned short pair;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(0.0f), "f"(x));
    place.bits = static_cast<unsigned char>(pair);
}

__device__ __forceinline__ float to_float(E4m3 x) {
    uint32 low;
    uint32 high;
    unpack_fp8(low, high, x.bits);
    return unpack_pair(low).x;
}

/// The numbers of a word of the cache, in their order.
template <typename T>
__device__ __forceinline__ void unpack_word(float* numbers, unsigned int word) {
    const auto put = [&](int at, unsigned int bits) {
        const float2 pair = unpack_pair(bits);
        numbers[at] = pair.x;
        numbers[at + 1] = pair.y;
    };
    if constexpr (sizeof(T) == 1) {
        uint32 low;
        uint32 high;
        unpack_fp8(low, high, word);
        put(0, low);
        put(2, high);
    } else {
        put(0, word);
    }
}
