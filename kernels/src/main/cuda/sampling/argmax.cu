// Greedy choice of the next token.

#include "../common/numeric.cuh"

/// The index of each row's largest logit, the lowest among equals. Grid: rows, 1024 threads.
/// @techniques warp-shuffle
/// @bytes rows * width * 4
/// @flops rows * width
/// @floor bytes / bandwidth of one multiprocessor a row
extern "C" __global__ void __launch_bounds__(1024)
    argmax(int* __restrict__ out, const float* __restrict__ logits, int width) {
    __shared__ float bestOfWarp[kWarpSize];
    __shared__ int indexOfWarp[kWarpSize];
    const float* row = logits + static_cast<long long>(blockIdx.x) * width;
    float best = -kInfinity;
    int index = width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        if (row[i] > best) {
            best = row[i];
            index = i;
        }
    }
#pragma unroll
    for (int round = 0; round < 2; round++) {
#pragma unroll
        for (int step = kWarpSize / 2; step > 0; step /= 2) {
            const float other = __shfl_xor_sync(0xFFFFFFFFu, best, step);
            const int otherIndex = __shfl_xor_sync(0xFFFFFFFFu, index, step);
            if (other > best || (other == best && otherIndex < index)) {
                best = other;
                index = otherIndex;
            }
        }
        if (round == 0) {
            if (threadIdx.x % kWarpSize == 0) {
                bestOfWarp[threadIdx.x / kWarpSize] = best;
                indexOfWarp[threadIdx.x / kWarpSize] = index;
            }
            __syncthreads();
            const int lane = threadIdx.x % kWarpSize;
            const bool present = lane < blockDim.x / kWarpSize;
            best = present ? bestOfWarp[lane] : -kInfinity;
            index = present ? indexOfWarp[lane] : width;
        }
    }
    if (threadIdx.x == 0) {
        out[blockIdx.x] = index;
    }
}

/// bf16 logits to fp32. Grid: enough threads for all.
/// @techniques none
/// @bytes count * 6
/// @flops 0
/// @floor bytes / bandwidth
extern "C" __global__ void widen(float* __restrict__ out, const Bf16* __restrict__ in, long long count) {
    const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i < count) {
        out[i] = to_float(in[i]);
    }
}
