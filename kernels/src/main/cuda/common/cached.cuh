// What the key-value cache holds: bf16, or FP8 (E3M4) with a scale for the keys of a token's head and another for its values.
#pragma once

#include "mma.cuh"
#include "numeric.cuh"

/// A number of 8 bits, see `pack_fp8`, to be multiplied by the scale of its head.
struct E3m4 {
    unsigned char bits;
};

enum class Part { kKeys, kValues };

/// The scales of a token's head, scales[sequence][position][kvHead]: powers of two by their exponent in fp32, that of the keys in the
/// lower byte, that of the values in the upper one. 255 reads as infinite: a number was not finite, or poison was not written over.
struct HeadScales {
    unsigned short bits;
};

/// Whether the numbers of a cache of T have scales.
template <typename T>
constexpr bool kScaled = false;
template <>
constexpr bool kScaled<E3m4> = true;

template <Part kPart>
__device__ __forceinline__ uint32 exponent(HeadScales scales) {
    return kPart == Part::kKeys ? scales.bits & 0xFFu : scales.bits >> 8;
}

template <Part kPart>
__device__ __forceinline__ float scale(HeadScales scales) {
    return __uint_as_float(exponent<kPart>(scales) << 23);
}

/// The scale as a pair of bf16, whose exponents are those of fp32.
template <Part kPart>
__device__ __forceinline__ uint32 scale_pair(HeadScales scales) {
    return (exponent<kPart>(scales) << 7) * 0x00010001u;
}

/// The exponent of the smallest scale that rounds none of a head's numbers beyond 31; the warp holds the head, two numbers a lane.
__device__ __forceinline__ uint32 scale_exponent(float a, float b) {
    // as whole numbers the bits of magnitudes compare alike, and not-a-number is above all of them
    const uint32 mine = max(__float_as_uint(fabsf(a)), __float_as_uint(fabsf(b)));
    uint32 largest;
    asm volatile("redux.sync.max.u32 %0, %1, 0xFFFFFFFF;" : "=r"(largest) : "r"(mine));
    const uint32 exponent = (largest + 0x40000u) >> 23; // of 31.5 and more, which would round to 32, it is that of 32
    return exponent < 255 ? max(exponent, 5u) - 4 : 255;
}

/// The code of a number of a head with this exponent; it says nothing where that is 255.
__device__ __forceinline__ E3m4 scaled_down(float x, uint32 exponent) {
    return {pack_fp8(x * __uint_as_float((254 - exponent) << 23))};
}

__device__ __forceinline__ float to_float(E3m4 x) {
    uint32 low;
    uint32 high;
    unpack_fp8(low, high, x.bits);
    return unpack_pair(low).x;
}

/// The numbers of a word of the cache, in their order, without their scale.
template <typename T>
__device__ __forceinline__ void unpack_word(float* numbers, unsigned int word) {
    const auto put = [&](int at, unsigned int bits) {
        const float2 pair = unpack_pair(bits);
        numbers[at] = pair.x;
        numbers[at + 1] = pair.y;
    };
    if constexpr (kScaled<T>) {
        uint32 low;
        uint32 high;
        unpack_fp8(low, high, word);
        put(0, low);
        put(2, high);
    } else {
        put(0, word);
    }
}
