// Token ids to hidden states.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"

/// Copies each token's row of the embedding into the fp32 hidden state. Grid: one block a token.
/// @techniques dependent-launch
/// @bytes tokens * hidden * (2 + 4)
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void embed_tokens(float* __restrict__ hidden, const Bf16* __restrict__ table,
                                        const int* __restrict__ ids, int width) {
    const long long token = blockIdx.x;
    wait_for_previous();
    let_next_begin();
    const Bf16* row = table + static_cast<long long>(given(ids)[token]) * width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        hidden[token * width + i] = to_float(row[i]);
    }
}
