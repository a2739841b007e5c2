// What follows the choice of the next tokens.

#include "../common/dependent.cuh"

/// Moves each sequence's position to the token just chosen and keeps the token there, `tokens` being (positions, sequences):
/// what was chosen at once lies together, for one copy to the host.
/// Grid: enough threads for all sequences.
/// @techniques dependent-launch
/// @bytes sequences * 16
/// @flops 0
/// @floor latency of one read and one write
extern "C" __global__ void keep_choice(int* __restrict__ tokens, int* __restrict__ positions,
                                       const int* __restrict__ ids, int sequences) {
    wait_for_previous();
    let_next_begin();
    const int sequence = blockIdx.x * blockDim.x + threadIdx.x;
    if (sequence < sequences) {
        const int position = positions[sequence] + 1;
        positions[sequence] = position;
        tokens[static_cast<long long>(position) * sequences + sequence] = given(ids)[sequence];
    }
}
