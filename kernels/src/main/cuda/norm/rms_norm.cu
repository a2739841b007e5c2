// Root-mean-square normalisation, computed in fp32.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"

/// out = x / rms(x) * weight, one block a token.
/// @techniques dependent-launch
/// @bytes tokens * width * (4 + 2) + 2 * width
/// @flops 4 * tokens * width
/// @floor bytes / bandwidth; at few tokens the latency of two passes over one row
extern "C" __global__ void rms_norm(Bf16* __restrict__ out, const float* __restrict__ x,
                                    const Bf16* __restrict__ weight, int width, float epsilon) {
    __shared__ float scratch[kWarpSize];
    const long long row = static_cast<long long>(blockIdx.x) * width;
    wait_for_previous();
    let_next_begin();
    x = given(x);
    float square = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        square += x[row + i] * x[row + i];
    }
    const float scale = rsqrtf(block_sum(square, scratch) / width + epsilon);
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        out[row + i] = to_bf16(x[row + i] * scale * to_float(weight[i]));
    }
}

/// x += delta + bias, then out = x / rms(x) * weight: the residual stream is read and written once for all of it.
/// `width` is a multiple of 4 and at most 4 * 8 * blockDim.x.
/// @techniques fused-add-norm
/// @bytes tokens * width * (4 + 4 + 4 + 2) + 4 * width
/// @flops 6 * tokens * width
/// @floor bytes / bandwidth; at few tokens the latency of one pass over one row
extern "C" __global__ void __launch_bounds__(1024, 1)
    add_rms_norm(Bf16* __restrict__ out, float* __restrict__ x, const float* __restrict__ delta,
                 const Bf16* __restrict__ bias, const Bf16* __restrict__ weight, int width, float epsilon) {
    constexpr int kQuads = 8;
    __shared__ float scratch[kWarpSize];
    const long long row = static_cast<long long>(blockIdx.x) * width;
    float4 held[kQuads];
    float square = 0.0f;
#pragma unroll
    for (int q = 0; q < kQuads; q++) {
        const int i = (q * blockDim.x + threadIdx.x) * 4;
        if (i < width) {
            float4 v = *reinterpret_cast<const float4*>(x + row + i);
            const float4 d = *reinterpret_cast<const float4*>(delta + row + i);
            const uint2 bits = __ldg(reinterpret_cast<const uint2*>(bias + i));
            const float2 low = unpack_pair(bits.x);
            const float2 high = unpack_pair(bits.y);
            v.x += d.x + low.x;
            v.y += d.y + low.y;
            v.z += d.z + high.x;
            v.w += d.w + high.y;
            *reinterpret_cast<float4*>(x + row + i) = v;
            square += v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w;
            held[q] = v;
        }
    }
    const float scale = rsqrtf(block_sum(square, scratch) / width + epsilon);
#pragma unroll
    for (int q = 0; q < kQuads; q++) {
        const int i = (q * blockDim.x + threadIdx.x) * 4;
        if (i < width) {
            const uint2 bits = __ldg(reinterpret_cast<const uint2*>(weight + i));
            const float2 low = unpack_pair(bits.x);
            const float2 high = unpack_pair(bits.y);
            *reinterpret_cast<uint2*>(out + row + i) =
                make_uint2(pack_pair(held[q].x * scale * low.x, held[q].y * scale * low.y),
                           pack_pair(held[q].z * scale * high.x, held[q].w * scale * high.y));
        }
    }
}

/// x += delta + bias: the residual connection as an operation of its own. Grid: tokens.
/// @techniques none
/// @bytes tokens * width * (4 + 4 + 4) + 2 * width
/// @flops 2 * tokens * width
/// @floor bytes / bandwidth
extern "C" __global__ void add_residual(float* __restrict__ x, const float* __restrict__ delta,
                                        const Bf16* __restrict__ bias, int width) {
    const long long row = static_cast<long long>(blockIdx.x) * width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        x[row + i] += delta[row + i] + to_float(bias[i]);
    }
}
