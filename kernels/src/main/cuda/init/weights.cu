// Weights made or unpacked on the device.

#include "../common/numeric.cuh"

/// A well-mixed 64-bit hash of a counter (the finaliser of SplitMix64).
__device__ __forceinline__ unsigned long long mix(unsigned long long z) {
    z += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

/// Element i is `mean + deviation * s`, where s is the sum of the four 16-bit parts of mix(seed + i), centred and scaled
/// to variance 1: exact in fp32 apart from the last two roundings, so that the host makes the same numbers.
/// @techniques none
/// @bytes count * 2
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void random_bf16(Bf16* __restrict__ out, unsigned long long seed, float mean,
                                       float deviation, long long count) {
    const long long step = static_cast<long long>(gridDim.x) * blockDim.x;
    for (long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) {
        const unsigned long long bits = mix(seed + static_cast<unsigned long long>(i));
        const int sum = static_cast<int>(bits & 0xFFFF) + static_cast<int>(bits >> 16 & 0xFFFF) +
                        static_cast<int>(bits >> 32 & 0xFFFF) + static_cast<int>(bits >> 48);
        const float s = static_cast<float>(sum - 131070) * 2.64291e-5f;  // sqrt(3) / 65536
        out[i] = to_bf16(__fadd_rn(mean, __fmul_rn(deviation, s)));
    }
}

/// Random bytes: packed FP4 codes are uniform. Eight bytes a thread and step; `count` is a multiple of 8.
/// @techniques none
/// @bytes count
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void random_bytes(unsigned long long* __restrict__ out, unsigned long long seed, long long count) {
    const long long step = static_cast<long long>(gridDim.x) * blockDim.x;
    for (long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; i < count / 8; i += step) {
        out[i] = mix(seed + static_cast<unsigned long long>(i));
    }
}

/// Random scales: `base` plus the low bits of a hash under `mask`.
/// @techniques none
/// @bytes count
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void random_scales(unsigned char* __restrict__ out, unsigned long long seed, int base, int mask,
                                         long long count) {
    const long long step = static_cast<long long>(gridDim.x) * blockDim.x;
    for (long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) {
        out[i] = static_cast<unsigned char>(base + static_cast<int>(mix(seed + static_cast<unsigned long long>(i)) & mask));
    }
}

/// MXFP4 to bf16: 16 bytes of codes and one power-of-two scale become 32 numbers, exactly. One block of codes a thread.
/// @techniques vectorised-loads
/// @bytes blocks * (16 + 1 + 64)
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(256)
    unpack_mxfp4(Bf16* __restrict__ out, const uint4* __restrict__ codes,
                 const unsigned char* __restrict__ scales, long long blocks) {
    const float table[8] = {0.0f, 0.5f, 1.0f, 1.5f, 2.0f, 3.0f, 4.0f, 6.0f};
    const long long step = static_cast<long long>(gridDim.x) * blockDim.x;
    for (long long b = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; b < blocks; b += step) {
        const uint4 packed = codes[b];
        const unsigned int words[4] = {packed.x, packed.y, packed.z, packed.w};
        const float scale = exp2f(static_cast<float>(static_cast<int>(scales[b]) - 127));
#pragma unroll
        for (int w = 0; w < 4; w++) {
            unsigned int pairs[4];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const unsigned int byte = words[w] >> (8 * i) & 0xFF;
                const float low = table[byte & 7] * ((byte & 8) != 0 ? -scale : scale);
                const float high = table[byte >> 4 & 7] * ((byte & 128) != 0 ? -scale : scale);
                pairs[i] = pack_pair(low, high);
            }
            *reinterpret_cast<uint4*>(out + b * 32 + w * 8) = make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
        }
    }
}
