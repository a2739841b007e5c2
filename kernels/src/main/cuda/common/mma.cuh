// Tensor-core products of a warp, asynchronous copies into shared memory, and FP8 for both.
#pragma once

using uint32 = unsigned int;

/// d += a · b for one warp: a is 16 x 16 (row-major), b is 16 x 8 (column-major), both bf16; d is 16 x 8 in fp32.
/// With g = lane / 4 and t = lane % 4 a thread holds a[g][2t..], a[g + 8][2t..], a[g][2t + 8..], a[g + 8][2t + 8..], b[2t..][g],
/// b[2t + 8..][g] and d[g][2t..], d[g + 8][2t..] (PTX ISA, mma.m16n8k16).
__device__ __forceinline__ void mma_bf16(float (&d)[4], uint32 a0, uint32 a1, uint32 a2, uint32 a3, uint32 b0, uint32 b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

/// The address of shared memory as instructions take it.
__device__ __forceinline__ uint32 shared_address(const void* p) {
    return static_cast<uint32>(__cvta_generic_to_shared(p));
}

/// Copies 16 bytes into shared memory behind the thread's back, past L1; zeros where `valid` is false.
__device__ __forceinline__ void copy_async_16(uint32 to, const void* from, bool valid) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(valid ? 16 : 0) : "memory");
}

__device__ __forceinline__ void copy_async_commit() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

/// Waits until all but the last `kPending` groups of this thread's copies have arrived.
template <int kPending>
__device__ __forceinline__ void copy_async_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
}

/// Four 8 x 8 matrices of 16-bit numbers, a row of 16 bytes a lane's address: lane i gives row i % 8 of matrix i / 8.
__device__ __forceinline__ void load_matrices(uint32 (&r)[4], uint32 address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(address)
                 : "memory");
}

/// The same, each matrix transposed.
__device__ __forceinline__ void load_matrices_transposed(uint32 (&r)[4], uint32 address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(address)
                 : "memory");
}

/// Two fp32 numbers rounded to a pair of bf16, `low` in the lower half.
__device__ __forceinline__ uint32 pack_bf16(float low, float high) {
    uint32 packed;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

__device__ __forceinline__ uint32 multiply_bf16_pairs(uint32 a, uint32 b) {
    uint32 product;
    asm("mul.rn.bf16x2 %0, %1, %2;" : "=r"(product) : "r"(a), "r"(b));
    return product;
}

/// Four E4M3 numbers of a word as two pairs of bf16 in their order: sign to bit 15, exponent and mantissa to bits 10 to 4, where they
/// read as the number times 2^-120, subnormals included; then scaled up, which is exact.
__device__ __forceinline__ void unpack_fp8(uint32& low, uint32& high, uint32 word) {
    constexpr uint32 kScale = 0x7B807B80u; // 2^120 twice
    const uint32 a = __byte_perm(word, 0, 0x1404); // bytes 0 and 1 as the upper bytes of the halves
    const uint32 b = __byte_perm(word, 0, 0x3424);
    low = multiply_bf16_pairs((a & 0x80008000u) | ((a >> 4) & 0x07F007F0u), kScale);
    high = multiply_bf16_pairs((b & 0x80008000u) | ((b >> 4) & 0x07F007F0u), kScale);
}
