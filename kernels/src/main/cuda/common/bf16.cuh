// Numbers of 16 bits with fp32's exponent. An own type, because a run-time compiler on a machine without CUDA's headers must
// compile every kernel: no source of this folder includes a header from outside it.
#pragma once

/// A bf16 number: the upper half of an fp32 one.
struct Bf16 {
    unsigned short bits;
};
static_assert(sizeof(Bf16) == 2 && alignof(Bf16) == 2, "tensors hold two bytes a number");

/// Eight bf16 numbers as one 16-byte access moves them. A struct of bf16 pairs would be copied in 4-byte pieces.
using Bf16x8 = uint4;

__device__ __forceinline__ float to_float(Bf16 x) {
    return __uint_as_float(static_cast<unsigned int>(x.bits) << 16);
}

/// The nearest bf16 number, the even one of two as near.
__device__ __forceinline__ Bf16 to_bf16(float x) {
    Bf16 rounded;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(rounded.bits) : "f"(x));
    return rounded;
}

/// Two numbers rounded like `to_bf16`, `low` in the lower half, which comes first in memory.
__device__ __forceinline__ unsigned int pack_pair(float low, float high) {
    unsigned int packed;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

/// The lower and the upper of two packed bf16 numbers.
__device__ __forceinline__ float2 unpack_pair(unsigned int bits) {
    return make_float2(__uint_as_float(bits << 16), __uint_as_float(bits & 0xFFFF0000u));
}
