// How much each expert wants a token.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;

/// logits[token][e] = W[e] · norm(x[token]) + b[e], from the fp32 hidden state and in fp32 throughout: rounding the router's
/// input to bf16 would send some tokens to other experts. Each block norms its token again, which costs less than a launch.
/// One warp an expert. Grid: ceil(experts / 8) x tokens; dynamic shared memory: 4 * width bytes.
/// @techniques dependent-launch
/// @bytes experts * width * 2 + tokens * width * 4
/// @flops 2 * tokens * experts * width
/// @floor bytes / bandwidth; at few tokens latency
extern "C" __global__ void __launch_bounds__(kThreads)
    router_logits(float* __restrict__ logits, const float* __restrict__ x, const Bf16* __restrict__ norm,
                  const Bf16* __restrict__ weights, const Bf16* __restrict__ bias, int experts,
                  int width, float epsilon) {
    extern __shared__ float normed[];
    __shared__ float scratch[kWarpSize];
    const long long token = blockIdx.y;
    wait_for_previous();
    let_next_begin();
    x = given(x);
    float square = 0.0f;
    for (int i = threadIdx.x; i < width; i += kThreads) {
        const float v = x[token * width + i];
        square = fmaf(v, v, square);
        normed[i] = v * to_float(norm[i]);
    }
    const float scale = rsqrtf(block_sum(square, scratch) / width + epsilon);
    __syncthreads();
    const int expert = blockIdx.x * kWarps + threadIdx.x / kWarpSize;
    if (expert >= experts) {
        return;
    }
    const int lane = threadIdx.x % kWarpSize;
    const unsigned int* row = reinterpret_cast<const unsigned int*>(weights + static_cast<long long>(expert) * width);
    float sum = 0.0f;
#pragma unroll 8
    for (int i = lane; i < width / 2; i += kWarpSize) {
        const float2 w = unpack_pair(row[i]);
        sum = fmaf(w.x, normed[2 * i], fmaf(w.y, normed[2 * i + 1], sum));
    }
    sum = warp_sum(sum);
    if (lane == 0) {
        logits[token * experts + expert] = sum * scale + to_float(bias[expert]);
    }
}
