// The experts of a few tokens without the host: a slot is one token seen by one expert, and one product of a batch.

#include "../common/numeric.cuh"

/// The addresses of both batches of products, from the routing: six lists of `slots` addresses, of the first product's
/// weights, inputs and results, then of the second's. Grid: enough threads for all slots.
/// @techniques kernel-design
/// @bytes slots * (4 + 48)
/// @flops 0
/// @floor latency of one read and one write
extern "C" __global__ void expert_pointers(const void** __restrict__ lists, const int* __restrict__ ids,
                                           const Bf16* gateUpWeights, const Bf16* downWeights, const Bf16* x,
                                           const float* gateUp, const Bf16* activated, const float* down, int slots,
                                           int chosen, int hidden, int inner) {
    const int slot = blockIdx.x * blockDim.x + threadIdx.x;
    if (slot >= slots) {
        return;
    }
    const long long matrix = static_cast<long long>(ids[slot]) * inner * hidden;
    lists[slot] = gateUpWeights + 2 * matrix;
    lists[slots + slot] = x + static_cast<long long>(slot / chosen) * hidden;
    lists[2 * slots + slot] = gateUp + static_cast<long long>(slot) * 2 * inner;
    lists[3 * slots + slot] = downWeights + matrix;
    lists[4 * slots + slot] = activated + static_cast<long long>(slot) * inner;
    lists[5 * slots + slot] = down + static_cast<long long>(slot) * hidden;
}

/// out[slot][j] = swiglu(in[slot][2j] + b[e][2j], in[slot][2j + 1] + b[e][2j + 1]) for the slot's expert e: bias and
/// activation over the first product's fp32 sums. Grid: enough threads for `width` x slots.
/// @techniques kernel-design
/// @bytes slots * width * (8 + 4 + 2)
/// @flops 10 * slots * width
/// @floor bytes / bandwidth; at few slots latency
extern "C" __global__ void expert_bias_swiglu(Bf16* __restrict__ out, const float* __restrict__ in,
                                              const Bf16* __restrict__ biases, const int* __restrict__ ids, int width,
                                              float limit) {
    const int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j >= width) {
        return;
    }
    const long long slot = blockIdx.y;
    const float* sums = in + slot * 2 * width + 2 * j;
    const Bf16* bias = biases + static_cast<long long>(ids[slot]) * 2 * width + 2 * j;
    out[slot * width + j] = to_bf16(swiglu(sums[0] + to_float(bias[0]), sums[1] + to_float(bias[1]), limit));
}

/// x[token][i] += Σ over the token's slots of weight * (in[slot][i] + b[e][i]): bias, weighting, sum and residual over the
/// second product's fp32 sums. Grid: enough threads for `width` x tokens.
/// @techniques kernel-design
/// @bytes tokens * width * (8 + chosen * (4 + 2))
/// @flops tokens * width * (1 + 3 * chosen)
/// @floor bytes / bandwidth; at few tokens latency
extern "C" __global__ void expert_combine(float* __restrict__ x, const float* __restrict__ in,
                                          const Bf16* __restrict__ biases, const int* __restrict__ ids,
                                          const float* __restrict__ routing, int chosen, int width) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= width) {
        return;
    }
    const long long token = blockIdx.y;
    float total = x[token * width + i];
    for (long long slot = token * chosen; slot < (token + 1) * chosen; slot++) {
        const float bias = to_float(biases[static_cast<long long>(ids[slot]) * width + i]);
        total = fmaf(routing[slot], in[slot * width + i] + bias, total);
    }
    x[token * width + i] = total;
}
