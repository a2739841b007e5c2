// What the experts give a token as a row-wise operation.
#pragma once

#include "../common/rows.cuh"

/// x[token] += Σ over the token's slots of routing * y[place], in the order of the slots, so that the sum does not depend on how slots were
/// sorted.
/// @row combine_experts
struct CombineExperts {
    float* x;
    const float* y;
    const int* places;
    const float* routing;
    int chosen;
    int hidden;

    /// What the four numbers from i on of a token's row become.
    __device__ __forceinline__ float4 quad(long long token, int i) const {
        float4 sum = *reinterpret_cast<const float4*>(x + token * hidden + i);
#pragma unroll 4
        for (int k = 0; k < chosen; k++) {
            const float weight = routing[token * chosen + k];
            const float4 v = *reinterpret_cast<const float4*>(y + static_cast<long long>(places[token * chosen + k]) * hidden + i);
            sum.x = fmaf(weight, v.x, sum.x);
            sum.y = fmaf(weight, v.y, sum.y);
            sum.z = fmaf(weight, v.z, sum.z);
            sum.w = fmaf(weight, v.w, sum.w);
        }
        return sum;
    }

    template <typename Row>
    __device__ __forceinline__ void operator()(Row& row) const {
        row.each([&](int i, float4& v) { v = quad(row.index, i); });
        float* to = x + row.index * hidden;
        row.each([&](int i, float4& v) { *reinterpret_cast<float4*>(to + i) = v; });
    }
};
