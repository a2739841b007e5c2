// Moving tokens to an expert and back, and the activation between its two products.

#include "../common/numeric.cuh"

/// out[r] = in[rows[r]]: the tokens that one expert sees, gathered. Grid: rows.
/// @techniques none
/// @bytes rows * width * (2 + 2)
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void gather_rows(Bf16* __restrict__ out, const Bf16* __restrict__ in,
                                       const int* __restrict__ rows, int width) {
    const long long from = static_cast<long long>(rows[blockIdx.x]) * width;
    const long long to = static_cast<long long>(blockIdx.x) * width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        out[to + i] = in[from + i];
    }
}

/// Adds a bias to each row of a product's fp32 sums. Grid: rows.
/// @techniques none
/// @bytes rows * width * (4 + 4) + 2 * width
/// @flops rows * width
/// @floor bytes / bandwidth
extern "C" __global__ void add_bias(float* __restrict__ x, const Bf16* __restrict__ bias, int width, int stride) {
    const long long row = static_cast<long long>(blockIdx.x) * stride;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        x[row + i] += to_float(bias[i]);
    }
}

/// out[j] = swiglu(in[2j], in[2j + 1]). Grid: rows.
/// @techniques none
/// @bytes rows * width * (8 + 2)
/// @flops 8 * rows * width
/// @floor bytes / bandwidth
extern "C" __global__ void swiglu_interleaved(Bf16* __restrict__ out, const float* __restrict__ in, int width,
                                              float limit) {
    const long long row = blockIdx.x;
    for (int j = threadIdx.x; j < width; j += blockDim.x) {
        out[row * width + j] = to_bf16(swiglu(in[row * 2 * width + 2 * j], in[row * 2 * width + 2 * j + 1], limit));
    }
}

/// Bias and activation in one pass over the product's fp32 sums, two pairs a thread and load:
/// in[2j] + b[2j], in[2j + 1] + b[2j + 1] -> out[j]. `width` is even. Grid: rows.
/// @techniques fused-bias-swiglu
/// @bytes rows * width * (8 + 2) + 4 * width
/// @flops 10 * rows * width
/// @floor bytes / bandwidth
extern "C" __global__ void bias_swiglu(Bf16* __restrict__ out, const float* __restrict__ in,
                                       const Bf16* __restrict__ bias, int width, float limit) {
    const long long row = blockIdx.x;
    const float4* pairs = reinterpret_cast<const float4*>(in + row * 2 * width);
    const uint2* biases = reinterpret_cast<const uint2*>(bias);
    for (int j = threadIdx.x; j < width / 2; j += blockDim.x) {
        const float4 x = pairs[j];
        const uint2 b = __ldg(biases + j);
        const float2 b0 = unpack_pair(b.x);
        const float2 b1 = unpack_pair(b.y);
        reinterpret_cast<unsigned int*>(out + row * width)[j] = pack_pair(
            swiglu(x.x + b0.x, x.y + b0.y, limit), swiglu(x.z + b1.x, x.w + b1.y, limit));
    }
}

/// x[rows[r]] += weights[slots[r]] * (in[r] + bias): what an expert gives its tokens, weighted. Tokens are distinct within a
/// launch, so no two blocks add to one row. Grid: rows.
/// @techniques none
/// @bytes rows * width * (4 + 4 + 4) + 2 * width
/// @flops 3 * rows * width
/// @floor bytes / bandwidth
extern "C" __global__ void scatter_add(float* __restrict__ x, const float* __restrict__ in,
                                       const Bf16* __restrict__ bias, const int* __restrict__ rows, const int* __restrict__ slots,
                                       const float* __restrict__ weights, int width) {
    const long long to = static_cast<long long>(rows[blockIdx.x]) * width;
    const long long from = static_cast<long long>(blockIdx.x) * width;
    const float weight = weights[slots[blockIdx.x]];
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        x[to + i] += weight * (in[from + i] + to_float(bias[i]));
    }
}
