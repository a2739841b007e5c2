// Root-mean-square normalisation, computed in fp32.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"
#include "rows.cuh"

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
    __shared__ float scratch[kWarpSize];
    Row<8> row{static_cast<long long>(blockIdx.x), width, static_cast<int>(blockDim.x), scratch, {}};
    AddResidual{x, delta, bias, width}(row);
    RmsNorm{out, x, weight, width, epsilon}(row);
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
