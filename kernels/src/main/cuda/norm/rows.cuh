// The residual connection and the norm as row-wise operations.
#pragma once

#include "../common/rows.cuh"

/// x += delta + bias.
/// @row add_residual
struct AddResidual {
    float* x;
    const float* delta;
    const Bf16* bias;
    int hidden;

    template <typename Row>
    __device__ __forceinline__ void operator()(Row& row) const {
        float* to = x + row.index * hidden;
        const float* added = delta + row.index * hidden;
        row.each([&](int i, float4& v) {
            v = *reinterpret_cast<const float4*>(to + i);
            const float4 d = *reinterpret_cast<const float4*>(added + i);
            const float4 b = unpack_quad(__ldg(reinterpret_cast<const uint2*>(bias + i)));
            v.x += d.x + b.x;
            v.y += d.y + b.y;
            v.z += d.z + b.z;
            v.w += d.w + b.w;
        });
        row.each([&](int i, float4& v) { *reinterpret_cast<float4*>(to + i) = v; });
    }
};

/// out = x / rms(x) * weight, x being the row that is held.
/// @row rms_norm
struct RmsNorm {
    Bf16* out;
    const float* x;
    const Bf16* weight;
    int hidden;
    float epsilon;

    template <typename Row>
    __device__ __forceinline__ void operator()(Row& row) const {
        float square = 0.0f;
        row.each([&](int, float4& v) { square += v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w; });
        const float scale = rsqrtf(block_sum(square, row.scratch) / hidden + epsilon);
        Bf16* to = out + row.index * hidden;
        row.each([&](int i, float4& v) {
            const float4 w = unpack_quad(__ldg(reinterpret_cast<const uint2*>(weight + i)));
            *reinterpret_cast<uint2*>(to + i) =
                make_uint2(pack_pair(v.x * scale * w.x, v.y * scale * w.y), pack_pair(v.z * scale * w.z, v.w * scale * w.w));
        });
    }
};
