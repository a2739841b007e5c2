// What the key-value cache holds: bf16, or FP8 (E4M3) with a scale of 1.
#pragma once

#include "mma.cuh"
#include "numeric.cuh"

/// A number of 8 bits: a sign, four bits of exponent, three of mantissa; 2^-9 to 448.
struct E4m3 {
    unsigned char bits;
};

/// Four E4M3 numbers of a word as two pairs of bf16 in their order: sign to bit 15, exponent and mantissa to bits 10 to 4, where they
/// read as the number times 2^-120, subnormals included; then scaled up, which is exact.
__device__ __forceinline__ void unpack_e4m3(uint32& low, uint32& high, uint32 word) {
    constexpr uint32 kScale = 0x7B807B80u; // 2^120 twice
    const uint32 a = __byte_perm(word, 0, 0x1404); // bytes 0 and 1 as the upper bytes of the halves
    const uint32 b = __byte_perm(word, 0, 0x3424);
    low = multiply_bf16_pairs((a & 0x80008000u) | ((a >> 4) & 0x07F007F0u), kScale);
    high = multiply_bf16_pairs((b & 0x80008000u) | ((b >> 4) & 0x07F007F0u), kScale);
}

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
    unpack_e4m3(low, high, x.bits);
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
        unpack_e4m3(low, high, word);
        put(0, low);
        put(2, high);
    } else {
        put(0, word);
    }
}
