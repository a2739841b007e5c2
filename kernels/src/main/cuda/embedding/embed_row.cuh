// A token's row of the embedding as a row-wise operation.
#pragma once

#include "../common/rows.cuh"

/// x[token] = table[ids[token]], in fp32.
/// @row embed_tokens
struct EmbedTokens {
    float* x;
    const Bf16* table;
    const int* ids;
    int hidden;

    template <typename Row>
    __device__ __forceinline__ void operator()(Row& row) const {
        const Bf16* from = table + static_cast<long long>(ids[row.index]) * hidden;
        float* to = x + row.index * hidden;
        row.each([&](int i, float4& v) { v = unpack_quad(__ldg(reinterpret_cast<const uint2*>(from + i))); });
        row.each([&](int i, float4& v) { *reinterpret_cast<float4*>(to + i) = v; });
    }
};
