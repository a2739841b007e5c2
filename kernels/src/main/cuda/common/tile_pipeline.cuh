// A product tile by tile on the fifth generation's tensor cores: one thread copies, one multiplies, four warps take the sums. Blocks
// stay for many tiles, and tensor memory holds the sums of two, so that one tile's are taken while the next one is multiplied.
#pragma once

#include "tensor_memory.cuh"

/// How a block, or a pair of them, works: tiles of 128 rows a block by kTokensOfTile columns; a ring of stages of the inner dimension,
/// each of kBytesOfStage in each block; so many columns of tensor memory.
template <int kBlocksOfCluster, int kTokensOfTile, int kStagesOfRing, int kBytesOfStage, int kColumnsOfMemory>
struct Pipeline {
    static constexpr int kBlocks = kBlocksOfCluster;
    static constexpr int kTokens = kTokensOfTile;
    static constexpr int kRows = kBlocks * tensor::kLanes;
    static constexpr int kStages = kStagesOfRing;
    static constexpr int kStageBytes = kBytesOfStage;
    static constexpr int kColumns = kColumnsOfMemory;
    static_assert(kStageBytes % 1024 == 0, "the swizzle's pattern begins every 1024 bytes");
    static_assert(kTokens % 32 == 0 && kTokens <= 256, "a product's columns, taken by 32");
    static_assert(kColumns >= 32 && kColumns <= 512 && (kColumns & (kColumns - 1)) == 0 && kColumns >= 2 * kTokens,
                  "columns come in powers of two, and two tiles' sums lie side by side");
};

constexpr int kTakers = 4; // warps 0 to 3: each may read the lanes from 32 * (warp % 4) on
constexpr int kCopier = 4;
constexpr int kMultiplier = 5;
constexpr int kPipelineThreads = 192;

#ifdef __CUDA_ARCH_FEAT_SM100_ALL

/// A stage of the ring and the parity of its phase.
struct Turn {
    int stage = 0;
    uint32 parity = 0;

    template <int kStages>
    __device__ __forceinline__ void next() {
        stage++;
        if (stage == kStages) {
            stage = 0;
            parity ^= 1;
        }
    }
};

template <int kStages>
struct Barriers {
    uint64 full[kStages];  // a stage's bytes have come, to both blocks of a pair: the first one's counts
    uint64 empty[kStages]; // its products are done
    uint64 summed[2];      // a tile's sums are whole
    uint64 taken[2];       // and have been read, by both blocks of a pair: the first one's counts
    uint32 columns;
};

/// Works on `tiles` tiles of `steps` stages.
///
/// `load(to, barrier, tile, step)` asks for this block's kStageBytes of a stage. `multiply(stage, number, memory, sums, first)` issues its
/// products: shared memory and the stage's number, tensor memory from its first column, the columns of the sums, and whether they are
/// new. `take(tile, lane, column, sums)` gets 32 columns' sums of a row, the lane of tensor memory.
template <typename P, typename Load, typename Multiply, typename Take>
__device__ __forceinline__ void work(int tiles, int steps, Load load, Multiply multiply, Take take) {
    extern __shared__ unsigned char dynamic[];
    __shared__ Barriers<P::kStages> barriers;
    const uint32 ring = (shared_address(dynamic) + 1023u) & ~1023u;
    const int warp = threadIdx.x / 32;
    const bool first = P::kBlocks == 1 || cluster_rank() == 0;
    const int begin = blockIdx.x / P::kBlocks;
    const int stride = gridDim.x / P::kBlocks;
    const auto full = [&](int stage) { return shared_address(&barriers.full[stage]); };
    const auto empty = [&](int stage) { return shared_address(&barriers.empty[stage]); };
    const auto summed = [&](int half) { return shared_address(&barriers.summed[half]); };
    const auto taken = [&](int half) { return shared_address(&barriers.taken[half]); };

    if constexpr (P::kBlocks > 1) {
        synchronise<P::kBlocks>(); // both blocks run: columns are taken by both together
    }
    if (warp == kMultiplier) {
        if (chosen_lane()) {
            for (int s = 0; s < P::kStages; s++) {
                barrier_prepare(full(s), 1);
                barrier_prepare(empty(s), 1);
            }
            for (int half = 0; half < 2; half++) {
                barrier_prepare(summed(half), 1);
                barrier_prepare(taken(half), kTakers * P::kBlocks);
            }
            barriers_prepared();
        }
        __syncwarp();
        take_columns<P::kBlocks>(shared_address(&barriers.columns), P::kColumns);
    }
    before_synchronising();
    synchronise<P::kBlocks>();
    after_synchronising();
    const uint32 memory = *const_cast<const volatile uint32*>(&barriers.columns);

    if (warp == kCopier) {
        if (chosen_lane()) {
            Turn turn;
            for (int tile = begin; tile < tiles; tile += stride) {
                for (int step = 0; step < steps; step++) {
                    barrier_wait(empty(turn.stage), turn.parity ^ 1);
                    if (first) {
                        barrier_expect(full(turn.stage), P::kBlocks * P::kStageBytes);
                    }
                    load(ring + turn.stage * P::kStageBytes, address_of_first<P::kBlocks>(full(turn.stage)), tile, step);
                    turn.template next<P::kStages>();
                }
            }
            for (int s = 0; s < P::kStages; s++) { // a block ends when nothing more arrives at its barriers
                barrier_wait(empty(turn.stage), turn.parity ^ 1);
                turn.template next<P::kStages>();
            }
        }
    } else if (warp == kMultiplier) {
        if (first && chosen_lane()) {
            Turn turn;
            Turn sums;
            for (int tile = begin; tile < tiles; tile += stride) {
                barrier_wait(taken(sums.stage), sums.parity ^ 1);
                after_synchronising();
                for (int step = 0; step < steps; step++) {
                    barrier_wait(full(turn.stage), turn.parity);
                    after_synchronising();
                    multiply(ring + turn.stage * P::kStageBytes, turn.stage, memory, memory + sums.stage * P::kTokens, step == 0);
                    arrive_when_done<P::kBlocks>(empty(turn.stage));
                    turn.template next<P::kStages>();
                }
                arrive_when_done<P::kBlocks>(summed(sums.stage));
                sums.template next<2>();
            }
        }
    } else {
        Turn sums;
        for (int tile = begin; tile < tiles; tile += stride) {
            barrier_wait(summed(sums.stage), sums.parity);
            after_synchronising();
            const uint32 columns = memory + sums.stage * P::kTokens + (static_cast<uint32>(warp * 32) << 16);
#pragma unroll 1
            for (int column = 0; column < P::kTokens; column += 32) {
                float values[32];
                __syncwarp(); // the load is the whole warp's
                load_columns(values, columns + column);
                await_columns(values);
                if (column + 32 == P::kTokens) {
                    before_synchronising();
                    __syncwarp();
                    if (threadIdx.x % 32 == 0) {
                        barrier_arrive<P::kBlocks>(address_of_first<P::kBlocks>(taken(sums.stage)));
                    }
                }
                take(tile, static_cast<int>(threadIdx.x), column, values);
            }
            sums.template next<2>();
        }
    }
    __syncwarp();
    before_synchronising();
    synchronise<P::kBlocks>();
    after_synchronising();
    if (warp == kMultiplier) {
        __syncwarp();
        give_columns<P::kBlocks>(memory, P::kColumns);
    }
}

#endif
