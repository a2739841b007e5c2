// MXFP4 matrices in tiles of 16 rows and 64 columns, as the tensor cores take them: docs/decisions/0012-packed-experts.md
// says why, org.moelab.gpu.model.Mxfp4Tiles describes the same layout on the host.
#pragma once

namespace mxfp4 {

constexpr int kTileRows = 16;
constexpr int kTileColumns = 64;
/// Columns that share a scale.
constexpr int kBlock = 32;
/// 16-byte pieces of a tile: one a lane, which holds two rows' eight codes of both blocks.
constexpr int kPieces = 32;
/// 4-byte pieces of a tile's scales: both rows' scales of both blocks, shared by four lanes.
constexpr int kScaleWords = 8;

/// A code's three bits in the place of a bf16 number's lowest two exponent bits and highest mantissa bit are worth 2^-126
/// times what they stand for (0.5 is a subnormal number there). Activations are multiplied by kLift before they meet
/// them, so that sums are normal fp32 numbers, and sums by kLower at the end; both are exact for activations under 2^28.
constexpr float kLift = 1.2676506002282294e30f;  // 2^100
constexpr float kLower = 67108864.0f;            // 2^26

/// Sign, two exponent bits and mantissa bit of the two bf16 numbers in a word.
constexpr unsigned int kCode = 0x81C081C0u;

/// Eight codes of a row as four pairs of bf16 numbers, each 2^-126 of what it stands for. Nine instructions.
__device__ __forceinline__ void expand(unsigned int word, unsigned int (&pairs)[4]) {
    pairs[0] = word & kCode;
    pairs[1] = (word << 6) & kCode;
    pairs[2] = __funnelshift_l(word, word, 12) & kCode;
    pairs[3] = ((word << 2) & 0x80C080C0u) | ((word >> 6) & 0x01000100u);
}

/// The word that `expand` takes apart, of eight codes as they follow each other in a checkpoint, the first lowest.
__device__ __forceinline__ unsigned int interleave(unsigned int codes) {
    unsigned int word = 0;
#pragma unroll
    for (int half = 0; half < 2; half++) {
        const int own = 16 * half;
        const int other = 16 - own;
        const unsigned int a = codes >> (4 * half) & 15;
        const unsigned int b = codes >> (8 + 4 * half) & 15;
        const unsigned int c = codes >> (16 + 4 * half) & 15;
        const unsigned int d = codes >> (24 + 4 * half) & 15;
        word |= (a & 8) << (12 + own) | (a & 7) << (6 + own);
        word |= (b & 8) << (6 + own) | (b & 7) << own;
        word |= (c & 8) << own | (c & 7) << (10 + other);  // the rotation takes these three bits across the halves
        word |= (d & 8) << (10 + own) | (d & 4) << (12 + own) | (d & 3) << (4 + own);
    }
    return word;
}

/// The scale of one of four bytes: the byte becomes an fp32 number's exponent, which is right for 1 to 254. Byte 0 gives 0
/// where 2^-127 was meant, and byte 255, which marks what is not a number, gives infinity.
template <int kByte>
__device__ __forceinline__ float scale(unsigned int bytes) {
    const unsigned int moved = kByte == 3 ? bytes >> 1 : bytes << (23 - 8 * kByte);
    return __uint_as_float(moved & 0x7F800000u);
}

}  // namespace mxfp4
