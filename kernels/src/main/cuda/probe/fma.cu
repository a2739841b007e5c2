// The ceiling of fp32 arithmetic outside the tensor cores.

constexpr int kThreads = 256;
constexpr int kChains = 16;
constexpr int kStepsPerRound = 8;

/// Multiplies and adds in registers only: each thread carries 16 independent chains `x = x * factor + addend`, more than
/// the latency of an FMA asks for, through `rounds` rounds of 8 steps. Chain `c` of thread `t` of the grid begins at
/// `t % 64 + c`; the thread writes the sum of its chains, added in order, so that nothing is optimised away.
/// Grid: any; 8 blocks a multiprocessor fill it.
/// @techniques ilp, occupancy-tuning, launch-bounds
/// @bytes 4 * threads
/// @flops 2 * 16 * 8 * rounds * threads
/// @floor flops / (2 * fp32 lanes * clock); what it reaches is that rate
extern "C" __global__ void __launch_bounds__(kThreads, 8)
    probe_fma(float* __restrict__ sums, int rounds, float factor, float addend) {
    const int thread = blockIdx.x * kThreads + threadIdx.x;
    float x[kChains];
#pragma unroll
    for (int chain = 0; chain < kChains; chain++) {
        x[chain] = static_cast<float>(thread % 64 + chain);
    }
    for (int round = 0; round < rounds; round++) {
#pragma unroll
        for (int step = 0; step < kStepsPerRound; step++) {
#pragma unroll
            for (int chain = 0; chain < kChains; chain++) {
                x[chain] = fmaf(x[chain], factor, addend);
            }
        }
    }
    float sum = 0.0f;
#pragma unroll
    for (int chain = 0; chain < kChains; chain++) {
        sum += x[chain];
    }
    sums[thread] = sum;
}
