// The tokens that each expert sees, found on the device: the host need not know the routing.

#include "../common/numeric.cuh"
#include "combine_row.cuh"
#include "expert_tiles.cuh"

constexpr int kThreads = 1024;

/// Sorts slots by expert. `places[slot]` is the slot's place in the sorted order, `tokenOf[place]` the token of the slot there,
/// and `tiles` lists each expert's places in pieces of at most `tileTokens`; `tileCount` counts them, `load[e]` an expert's slots.
/// An expert's places begin at a multiple of `together`; tokenOf of a place that no slot takes is not written.
/// One block; dynamic shared memory: 3 * experts ints. The order within an expert is that of arrival.
/// @techniques device-routing, shared-memory
/// @bytes slots * 12 + tiles * 16
/// @flops 0
/// @floor latency of two passes over the slots
extern "C" __global__ void __launch_bounds__(kThreads)
    sort_slots(int* __restrict__ places, int* __restrict__ tokenOf, ExpertTile* __restrict__ tiles, int* __restrict__ tileCount,
               int* __restrict__ load, const int* __restrict__ ids, int slots, int chosen, int experts, int tileTokens,
               int together) {
    extern __shared__ int counters[];
    int* count = counters;
    int* begin = counters + experts;
    int* next = counters + 2 * experts;
    for (int e = threadIdx.x; e < experts; e += kThreads) {
        count[e] = 0;
    }
    __syncthreads();
    for (int s = threadIdx.x; s < slots; s += kThreads) {
        atomicAdd(count + ids[s], 1);
    }
    __syncthreads();
    if (threadIdx.x < 32) {
        // a warp's running sums of places and tiles, 32 experts at a time
        int slotsBefore = 0;
        int tilesBefore = 0;
        for (int from = 0; from < experts; from += 32) {
            const int e = from + threadIdx.x;
            const int mine = e < experts ? count[e] : 0;
            const int pieces = (mine + tileTokens - 1) / tileTokens;
            const int taken = (mine + together - 1) / together * together;
            int slotSum = taken;
            int tileSum = pieces;
#pragma unroll
            for (int step = 1; step < 32; step *= 2) {
                const int s = __shfl_up_sync(0xFFFFFFFFu, slotSum, step);
                const int t = __shfl_up_sync(0xFFFFFFFFu, tileSum, step);
                if (threadIdx.x >= step) {
                    slotSum += s;
                    tileSum += t;
                }
            }
            if (e < experts) {
                const int first = slotsBefore + slotSum - taken;
                begin[e] = first;
                next[e] = first;
                load[e] = mine;
                for (int p = 0; p < pieces; p++) {
                    tiles[tilesBefore + tileSum - pieces + p] = {e, first + p * tileTokens, min(tileTokens, mine - p * tileTokens), 0};
                }
            }
            slotsBefore += __shfl_sync(0xFFFFFFFFu, slotSum, 31);
            tilesBefore += __shfl_sync(0xFFFFFFFFu, tileSum, 31);
        }
        if (threadIdx.x == 0) {
            *tileCount = tilesBefore;
        }
    }
    __syncthreads();
    for (int s = threadIdx.x; s < slots; s += kThreads) {
        const int place = atomicAdd(next + ids[s], 1);
        places[s] = place;
        tokenOf[place] = s / chosen;
    }
}

/// What `CombineExperts` says, a block a token. Grid: tokens; `width` is a multiple of 4.
/// @techniques device-routing, vectorised-loads
/// @bytes tokens * width * (chosen * 4 + 8)
/// @flops tokens * width * 2 * chosen
/// @floor bytes / bandwidth
extern "C" __global__ void combine_experts(float* __restrict__ hidden, const float* __restrict__ y, const int* __restrict__ places,
                                           const float* __restrict__ routing, int chosen, int width) {
    const long long token = blockIdx.x;
    const CombineExperts combine{hidden, y, places, routing, chosen, width};
    for (int i = threadIdx.x * 4; i < width; i += blockDim.x * 4) {
        const float4 sum = combine.quad(token, i);
        *reinterpret_cast<float4*>(hidden + token * width + i) = sum;
    }
}
